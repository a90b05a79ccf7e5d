"""What can be saved of a broken source, and what is lost with it.

The source is opened with a search for blocks (`load.resync`), so that a `Repo`
has all that is left whole. Here it is told what that comes to: records that the
tree reaches, records whose key only a node without parents says, records without
a key. All of it can be written: as a CAR of every whole block, as one with a new
tree of all records whose keys are known, or record by record. Nothing is ever
written to the source.

Modules for others are `salvage` (the door) and `report` (frozen values).
"""
