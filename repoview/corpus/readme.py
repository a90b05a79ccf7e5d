"""The page that explains the corpus to those who take it in.

`docs/corpus.md` is the same page.
"""

from __future__ import annotations

from typing import Final

README: Final = """\
# A corpus of broken repositories

Test files for everything that reads repositories of the AT Protocol as CAR files.
Each has one fault, and a *twin*: the same file without the fault.
A reader that refuses both has found nothing, and one that accepts both has missed something.
Others have no fault at all, though readers were seen to refuse them.

`repoview corpus DIR` writes it, the same bytes on every run and machine.
To the extent possible under law, its authors have waived all rights to these files: [CC0 1.0](https://creativecommons.org/publicdomain/zero/1.0/).

| | |
|---|---|
| `invalid/` | files with a fault: a reader must not take them for a whole and sound repository |
| `acceptable/` | files with an oddity that some specification or reader forbids and others allow: a reader may do either |
| `valid/` | files that are right, and that a reader must take |
| `twins/` | what files of the first two folders are without the fault; many have the same twin |
| `manifest.json` | what each file is, and what is to be found of it |
| `vectors.json` | the small CARs once more, in one JSON file, for suites that take in no folders |

Files that end in `.car` are CARs, or what somebody took for one; `.frame` files are messages of the event stream (`com.atproto.sync.subscribeRepos`) as they come from the socket, with the CAR inside.
The largest has 2 MB, most have 2 or 3 kB.

## How to take it in

1. Read `vectors.json`. Check each repository as you do: bytes, the account's `did`, its `signingKeyDid`.
2. Begin with those that have `twin` among their `tags`. If one of them is refused, nothing else is told by the rest.
3. Those with `validRepo` false must be refused. Those with `acceptable` among their tags may be.
4. Read `manifest.json` as soon as you want to know *what* your reader found: a code, a place, or what is left of the file.

All commits are signed, with keys that are no secret, and the signature is right unless it is what the file is about (SIG) or what is signed cannot be read.
The key is the `signing_key` of the manifest where nothing else is said; signatures are deterministic (RFC 6979).
The account, `did:plc:repoviewcorpusofbadfiles`, is nobody's.

## `vectors.json`

An array of objects, with the names of the files in [atproto issue 5429](https://github.com/bluesky-social/atproto/issues/5429).
Slices, frames and files of a megabyte are not among them.

| field | |
|---|---|
| `name` | the name in the manifest; of a twin, that of the first case that has it, and `-twin` |
| `description` | what is wrong, in a sentence |
| `carBase64` | the file |
| `validRepo` | false where it must be refused; true for `acceptable` ones too |
| `tags` | first `invalid`, `acceptable`, `valid` or `twin`; then the code of the fault |
| `did` | the account that the repository should be of |
| `signingKeyDid` | its key, as a `did:key` |
| `rev`, `commitCid`, `dataCid` | what the commit says, its CID, and that of the top node. Where the file cannot be read, those of what it was made of |
| `keys` | the paths of all records, in the order of the tree; bytes that are not UTF-8 stand as `\\xNN` |

## `manifest.json`

| field | |
|---|---|
| `format` | 1; a greater one would break who reads this one |
| `license` | of all files here |
| `signing_key` | of all commits, where nothing else is said |
| `always` | codes that are told of every file with a tree, and listed nowhere |
| `without_a_file` | codes that no file here is about, and why |
| `cases` | the files: below |

| field of a case | |
|---|---|
| `name`, `description` | what is wrong, in a word and in a sentence |
| `file` | its path in this folder |
| `result` | `invalid`, `acceptable` or `valid`, as its folder |
| `rule` | the id of the rule that is broken |
| `code`, `severity`, `count` | the finding that is about the fault: `info`, `warning`, `error` or `fatal`, and how often it is made; null where nothing is to be found |
| `offset` | the byte of the file that it names; null where it is about the file as a whole |
| `block_offset` | the byte of the block's data that it names; null where it is about no byte |
| `codes` | all codes to be found, its own among them, but for those of `always`: what a fault cannot but cause |
| `arguments` | what `repoview verify` is given beside the file, such as a key, for file and twin |
| `verdict`, `exit_code` | of `repoview verify`: `sound` 0, `incomplete` 10, `invalid` 11, `unreadable` 12, `bad-records` 13, `bad-container` 14 |
| `twin` | `file` and `codes` of the twin, whose verdict is `sound`; null of what is `valid` |
| `detected_by` | readers that were seen to refuse files with this code, or to tell of it, in the versions compared; `all` for each of them. Where the file is not `invalid`, these refuse what they need not |

Codes are those of repoview, which `repoview explain CODE` tells about; they are never renumbered or used again.
Names of cases and files stay too. New cases may be added, and new fields.

## Codes without a file

| code | why |
|---|---|
| CAR024 | the section would have over 32 MiB |
| LIM001 | it tells of a limit of the machine, which no file has |
| MST021 | a key of depth 25 takes 4**25 hashes to find |
| MST024 | the other rules of the tree leave nothing for it to find |
| ORD003 | it comes with every tree |
| SIG001 | it comes with every file that is judged without a key |
| SIG005 | the fault is in a DID document, not in the file |
| SIG006 | the fault is in a DID document, not in the file |
"""
