"""Files that are held in memory."""


class PowerCut(Exception):
    """Power went."""


class Files:
    """`data`: what was written, by name; `writes`: how often something was; `left`: how many files are still
    written before power goes, None if it stays.
    """

    left = None

    def __init__(self):
        self.data = {}
        self.writes = 0

    def read(self, name):
        return self.data.get(name)

    def write(self, name, data):
        if self.left is not None:
            if not self.left:
                raise PowerCut
            self.left -= 1
        self.writes += 1
        self.data[name] = bytes(data)
