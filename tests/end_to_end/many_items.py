"""Bundles of many small items: few files, few bytes beside the originals, and little memory for each."""
from world import expect

FEW, MANY = 1100, 3000  # more than what is under way at once, 1,024, is held for both
FILES_BESIDE = 40
BYTES_BESIDE = 4000     # of each item, whatever a bundle has besides
MEMORY_MORE = 8 << 20   # at the peak, for those that MANY are more than FEW


def beside(bundle):
    """How many files are not below data/, and how many bytes they have."""
    sizes = [path.stat().st_size for path in bundle.rglob("*") if path.is_file() and path.relative_to(bundle).parts[0] != "data"]
    return len(sizes), sum(sizes)


def what_lies_beside_many_items_is_small(world):
    few, many = (FEW, MANY) if not world.sanitized() else (300, 700)  # memory is not asked for there
    world.init()
    for number in range(many):
        line = b"Feb 18 02:03:04 fs01 sshd: line %d\n" % number
        world.write(f"in/host{number % 40:02}/evidence-{number:06}.log", line * (number % 9))
    world.run("add", "in")
    told, peaks = {}, {}
    for count in (few, many):
        peaks[count] = world.peak("export", f"1-{count}", "--out", f"plain-{count}", "-i", "reader.txt")
        bundle = world.folder / f"plain-{count}"
        files, told[count] = beside(bundle)
        originals = sum(1 for path in (bundle / "data").rglob("*") if path.is_file())
        expect(files <= FILES_BESIDE and originals == count, (files, originals))
        expect((bundle / "report.html").stat().st_size < 256 << 10, "the page has a copy of a large log")
        world.second_opinion(bundle)
    each = (told[many] - told[few]) / (many - few)
    print(f"        beside each original lie {each:.0f} bytes")
    expect(each <= BYTES_BESIDE, f"beside each original lie {each:.0f} bytes")
    if not world.sanitized():
        more = peaks[many] - peaks[few]
        expect(more <= MEMORY_MORE, f"{many - few} items more take {more} bytes more of memory")
