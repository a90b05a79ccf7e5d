"""Steps in words: of a walk, a look-up, a diff, a proof, or a streaming reader.

A step is told by a sentence, the checks that its block passes, what waits, and where
in the tree it is. Nothing is read for that but the step itself, and the names of the
node or record that a block of a stream is.
"""
