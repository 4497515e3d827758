"""Files that are held in memory."""


class Files:
    """`data`: what was written, by name; `writes`: how often something was."""

    def __init__(self):
        self.data = {}
        self.writes = 0

    def read(self, name):
        return self.data.get(name)

    def write(self, name, data):
        self.writes += 1
        self.data[name] = bytes(data)
