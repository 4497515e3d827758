"""Runs pure tests under MicroPython, as pytest does on a PC: run_pure.py FILE... (a process each is best).

A test is a function `test_...` without arguments; it fails by an exception. Exit code 1: one failed.
"""

import gc
import sys
import time


def load(path):
    """The functions of a test file, by name."""
    folder, _, name = path.rpartition("/")
    sys.path.insert(0, folder or ".")
    space = {"__name__": name[:-3], "__file__": path}
    with open(path) as file:
        exec(compile(file.read(), path, "exec"), space)
    return {name: value for name, value in space.items() if name.startswith("test_") and callable(value)}


def run(path):
    """Runs the tests of one file; gives how many passed and how many failed."""
    passed = failed = 0
    try:
        tests = load(path)
    except Exception as error:
        print("FAILED", path, "does not load")
        sys.print_exception(error)
        return 0, 1
    for name in sorted(tests):
        gc.collect()
        try:
            tests[name]()
            passed += 1
        except Exception as error:
            print("FAILED", path, name)
            sys.print_exception(error)
            failed += 1
    return passed, failed


def main(paths):
    """Runs all files and says how many tests passed and failed."""
    start = time.time()
    results = [run(path) for path in paths]
    passed = sum([result[0] for result in results])
    failed = sum([result[1] for result in results])
    print(f"{passed} passed, {failed} failed in {time.time() - start:.1f} s")
    return 1 if failed else 0


sys.exit(main(sys.argv[1:]))
