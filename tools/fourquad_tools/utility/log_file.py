"""The files of a download: records as they came, until all are here; then CSV, JSON or Parquet."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from fourquad_tools.options import OptionError
from fourquad_tools.strict import finite, parse_json
from fourquad_tools.utility.errors import UtilityError
from fourquad_tools.utility.log_layout import Layout, is_whole, time_of

FORMATS = ("csv", "json", "parquet")
MAGIC = "fourquad log"


class Part:
    """FILE.part: a line of JSON that says what the records are, then the records, each as it came.

    It is always whole records once it is opened, whatever interrupted the one who wrote it.
    """

    def __init__(self, path: Path, layout: Layout, model: str, check_crc: bool) -> None:
        self.path = path
        self._size = layout.size
        head = {"what": MAGIC, "model": model, **layout.as_dict(), "crc": check_crc}
        self._head = (json.dumps(head) + "\n").encode()
        self.count = 0
        self.last: bytes | None = None
        mode = "r+b" if path.exists() else "w+b"
        self._file = open(path, mode)  # noqa: SIM115
        if mode == "r+b":
            self._take_up(check_crc)
        if not self.count:
            self._begin()

    def _begin(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._file.write(self._head)
        self._file.flush()

    def _take_up(self, check_crc: bool) -> None:
        """Go on after the last whole record."""
        line = self._file.readline(65536)
        if line != self._head:
            if self._head.startswith(line):
                return  # cut while it was begun: there is nothing in it
            self._file.close()
            raise UtilityError(
                f"{self.path} is the beginning of another download ({_about(line)}); remove it, or name "
                "another file"
            )
        while True:
            record = self._file.read(self._size)
            if len(record) < self._size or (check_crc and not is_whole(record)):
                break
            self.count += 1
            self.last = record
        self._file.seek(len(self._head) + self.count * self._size)
        self._file.truncate()

    def add(self, records: Sequence[bytes]) -> None:
        """Keep records; they are on their way to the disk when this returns."""
        self._file.write(b"".join(records))
        self._file.flush()
        self.count += len(records)
        self.last = records[-1]

    def records(self) -> Iterator[bytes]:
        """All that is kept."""
        with open(self.path, "rb") as file:
            file.seek(len(self._head))
            while record := file.read(self._size):
                yield record

    def close(self) -> None:
        """Leave it as it is."""
        self._file.close()

    def remove(self) -> None:
        """It is not needed any more."""
        self._file.close()
        self.path.unlink()


def _about(line: bytes) -> str:
    try:
        head = parse_json(line)
        return f"log {head['log']} of {head['registers']} registers"
    except (ValueError, KeyError, TypeError):
        return "not one of ours"


def format_of(path: Path, wanted: str | None) -> str:
    """The format that a file's name says, unless one is asked for."""
    found = wanted or path.suffix.lower().removeprefix(".")
    if found not in FORMATS:
        raise OptionError(f"{path}: must end with .csv, .json or .parquet, or give --format")
    if found == "parquet":
        try:
            import pyarrow  # noqa: F401
        except ImportError:
            raise OptionError("Parquet needs pyarrow: pip install pyarrow") from None
    return found


def export(path: Path, form: str, layout: Layout, records: Iterator[bytes], energy_side: int) -> None:
    """Write all records; the file is there whole or not at all."""
    temporary = path.with_name(path.name + ".new")
    rows = ((time_of(record), layout.values(record, energy_side)) for record in records)
    if form == "csv":
        with open(temporary, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["time", *(_title(item.name, item.unit) for item in layout.items)])
            writer.writerows([_stamp(when), *values] for when, values in rows)
    elif form == "json":
        columns = [{"name": i.name, "unit": i.unit, "address": i.address} for i in layout.items]
        with open(temporary, "w", encoding="utf-8") as file:
            file.write(f'{{"log": {layout.log}, "columns": {json.dumps(columns)}, "records": [')
            for n, (when, values) in enumerate(rows):
                file.write(",\n" if n else "\n")
                file.write(json.dumps([_stamp(when), *finite(values)]))
            file.write("\n]}\n")
    else:
        _parquet(temporary, layout, list(rows))
    os.replace(temporary, path)


def _stamp(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


def _title(name: str, unit: str) -> str:
    return f"{name} [{unit}]" if unit else name


def _parquet(path: Path, layout: Layout, rows: list[Any]) -> None:
    import pyarrow
    import pyarrow.parquet

    columns = {"time": pyarrow.array([when for when, _ in rows], pyarrow.timestamp("s"))}
    for n, item in enumerate(layout.items):
        columns[item.name] = pyarrow.array([values[n] for _, values in rows])
    units = {item.name: item.unit for item in layout.items}
    table = pyarrow.table(columns).replace_schema_metadata({"units": json.dumps(units)})
    pyarrow.parquet.write_table(table, path)
