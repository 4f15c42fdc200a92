"""pdfminer's document, with the plain objects of a file cut out by regular expressions.

pdfminer reads a token at a time; most of a letter's objects are short dictionaries and long arrays
of numbers, which one expression takes as a whole. What does not match exactly (a comment, an
escape, a stream that does not end where it says) is left to pdfminer, so its repairs stand.
"""

from __future__ import annotations

import re
from hashlib import md5
from io import BytesIO
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher
from pdfminer.pdfdocument import PDFDocument, PDFStandardSecurityHandlerV4
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, PDFStream, int_value
from pdfminer.psparser import LIT, PSLiteral

DEEPEST = 20
OBJECT = re.compile(rb"\s*+(\d++)\s++\d++\s++obj(?![^\s/\[<(])")
STREAM = re.compile(rb"\s*+stream(?:\r\n|\n)")
END_OF_STREAM = re.compile(rb"\s*+endstream\s++endobj(?!\w)")
END_OF_OBJECT = re.compile(rb"\s*+endobj(?!\w)")
TOKEN = re.compile(
    rb"""
    \s*+(?:
        /(?P<name>[^\s/\[\]()<>{}%\#\0]*+)
      | (?P<reference>\d++)\s++\d++\s++R(?=[\s/\[\]<>])
      | (?P<number>[-+]?(?:\d++(?:\.\d*+)?|\.\d++))(?=[\s/\[\]<>(])
      | (?P<opened><<|\[)
      | (?P<closed>>>|\])
      | \((?P<string>[^()\\\r]*+)\)
      | <(?P<digits>(?:[0-9A-Fa-f]{2})*+)>
      | (?P<word>true|false|null)(?=[\s/\[\]<>(])
    )
    """,
    re.VERBOSE,
)
NUMBER = rb"[-+]?\d++(?:\.\d*+)?"
NUMBERS = re.compile(rb"\s*+((?:%b\s++)*+(?:%b)?+)(?=\])" % (NUMBER, NUMBER))
WORDS = {b"true": True, b"false": False, b"null": None}


class NotPlain(Exception):
    """Something that pdfminer's own parser should read."""


class QuickSecurityHandler(PDFStandardSecurityHandlerV4):
    """Checks the empty password with a compiled RC4: pdfminer's own takes a tenth of a letter."""

    def compute_u(self, key: bytes) -> bytes:
        digest = md5(self.PASSWORD_PADDING, usedforsecurity=False)
        digest.update(self.docid[0])
        result = digest.digest()
        try:
            for i in range(20):
                turned = bytes(byte ^ i for byte in key)
                result = Cipher(ARC4(turned), None).encryptor().update(result)
        except (ValueError, UnsupportedAlgorithm):  # an odd length of key; a build without RC4
            return super().compute_u(key)
        return result + result


class LeanDocument(PDFDocument):
    security_handler_registry = PDFDocument.security_handler_registry | {4: QuickSecurityHandler}

    def __init__(self, data: bytes) -> None:
        self.data = data
        # Object streams: their bytes, and where in them each of their objects begins.
        self.packed: dict[int, tuple[bytes, list[int]]] = {}
        super().__init__(PDFParser(BytesIO(data)))

    def _getobj_parse(self, pos: int, objid: int) -> object:
        try:
            return self.plain_object(pos, objid)
        except NotPlain:
            return super()._getobj_parse(pos, objid)

    def _getobj_objstm(self, stream: PDFStream, index: int, objid: int) -> object:
        try:
            data, starts = self.packed_objects(stream)
            value, end = self.value(data, starts[index])
        except (NotPlain, IndexError):
            return super()._getobj_objstm(stream, index, objid)
        if b"null" in data[starts[index] : end]:  # to pdfminer that is only a word here
            return super()._getobj_objstm(stream, index, objid)
        return value

    def packed_objects(self, stream: PDFStream) -> tuple[bytes, list[int]]:
        key = stream.objid
        if key is None or key in self._parsed_objs:
            raise NotPlain
        if key not in self.packed:
            self.packed[key] = packed_starts(stream)
        return self.packed[key]

    def plain_object(self, pos: int, objid: int) -> object:
        head = OBJECT.match(self.data, pos)
        if head is None or int(head[1]) != objid:
            raise NotPlain
        value, end = self.value(self.data, head.end())
        if END_OF_OBJECT.match(self.data, end):
            return value
        begin = STREAM.match(self.data, end)
        if begin is None or not isinstance(value, dict) or "Length" not in value:
            raise NotPlain
        length = int_value(value["Length"])
        stop = begin.end() + length
        if self._parser is None or self._parser.fallback or length <= 0:
            raise NotPlain
        if END_OF_STREAM.match(self.data, stop) is None:
            raise NotPlain
        return PDFStream(value, self.data[begin.end() : stop], self.decipher)

    def value(self, data: bytes, pos: int) -> tuple[object, int]:
        """The value that begins at `pos`, and where it ends."""
        stack: list[list[Any]] = []
        opened: list[bytes] = []
        while True:
            token = TOKEN.match(data, pos)
            if token is None:
                raise NotPlain
            pos = token.end()
            kind, written = token.lastgroup, token[token.lastindex or 0]
            if kind == "opened":
                if len(stack) >= DEEPEST:
                    raise NotPlain
                stack.append([])
                opened.append(written)
                if written == b"[" and (numbers := NUMBERS.match(data, pos)):
                    kind_of = number if b"." in numbers[1] else int
                    stack[-1] = list(map(kind_of, numbers[1].split()))
                    pos = numbers.end()
                continue
            value = closed(stack, opened, written) if kind == "closed" else self.atom(kind, written)
            if not stack:
                return value, pos
            stack[-1].append(value)

    def atom(self, kind: str | None, written: bytes) -> object:
        if kind == "name":
            return literal(written)
        if kind == "reference":
            return PDFObjRef(self, int(written))
        if kind == "number":
            return number(written)
        if kind == "string":
            return written
        if kind == "digits":
            return bytes.fromhex(written.decode())
        return WORDS[written]


def closed(stack: list[list[Any]], opened: list[bytes], mark: bytes) -> object:
    if not stack or opened.pop() != (b"[" if mark == b"]" else b"<<"):
        raise NotPlain
    values = stack.pop()
    if mark == b"]":
        return values
    keys = values[0::2]
    if len(values) % 2 or not all(isinstance(key, PSLiteral) for key in keys):
        raise NotPlain
    pairs = zip(keys, values[1::2], strict=True)
    return {key.name: value for key, value in pairs if value is not None}


def literal(written: bytes) -> PSLiteral:
    try:
        return LIT(written.decode())
    except UnicodeDecodeError as problem:
        raise NotPlain from problem


def number(written: bytes) -> float:
    return float(written) if b"." in written else int(written)


def packed_starts(stream: PDFStream) -> tuple[bytes, list[int]]:
    """The bytes of an object stream and where each of its objects begins."""
    count, first = stream.get("N"), stream.get("First")
    if not isinstance(count, int) or not isinstance(first, int):
        raise NotPlain
    # pdfminer takes the objects in their order, wherever the head says that they begin.
    data = stream.get_data()
    head = data[:first].split()
    if len(head) != 2 * count or not all(one.isdigit() for one in head):
        raise NotPlain
    starts = [first + int(one) for one in head[1::2]]
    if starts != sorted(set(starts)):
        raise NotPlain
    return data + b" ", starts
