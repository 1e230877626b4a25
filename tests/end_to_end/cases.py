"""The dates of a case, and the case as a timeline."""
import json
import xml.etree.ElementTree

from world import NOTE, expect


def begin(world, case="IR-2025-014"):
    world.init()
    world.write("in/note.txt", NOTE)
    world.write("in/auth.log", b"Feb 18 02:03:04 fs01 sshd[1]: Failed password\n" * 50)
    for name, time in (("in/note.txt", "2025-02-19T03:00:30Z"), ("in/auth.log", "2025-02-18T02:03:04Z")):
        world.tool("touch", "-d", time, name)
    world.run("add", "in/auth.log", "--case", case, "--clock-offset", "+60")
    world.run("add", "in/note.txt", "--case", "IR-2025-015")


def the_dates_of_a_case_are_sealed_and_supersede_one_another(world):
    begin(world)
    world.run("case", "set", "--occurred", "2025-02-18T02:03Z", "--discovered", "2025-02-21")
    done = world.json("case", "set", "--discovered", "2025-02-20", "--event", "2025-02-19T03:00Z first ransom message")
    expect(done["type"] == "case" and done["entry"] == 4)
    world.run("case", "set", "--case", "IR-2025-015", "--discovered", "2025-03-01", "--notice-days", "30")
    shown = world.json("case", "show", "-i", "reader.txt")
    expect(shown == [
        {"occurred": "2025-02-18T02:03:00.000Z", "discovered": "2025-02-20T00:00:00.000Z", "notice_days": 60,
         "notice_due": "2025-04-21T00:00:00.000Z", "events": [{"time": "2025-02-19T03:00:00.000Z", "what": "first ransom message"}]},
        {"case": "IR-2025-015", "discovered": "2025-03-01T00:00:00.000Z", "notice_days": 30, "notice_due": "2025-03-31T00:00:00.000Z"}], shown)
    text = world.run("case", "show", "-i", "reader.txt").stdout.decode()
    expect("notice is due, 60 days after the discovery" in text, text)
    # Sealed: without a key nothing of it is told.
    expect(b"ransom" not in world.run("log").stdout)
    world.run("case", "show", expect=1)
    opened = world.json("show", "4", "-i", "reader.txt")[0]["fields"]
    expect(opened == {"discovered": "2025-02-20T00:00:00Z",
                      "events": [{"time": "2025-02-19T03:00:00Z", "what": "first ransom message"}]}, opened)
    # A bundle of an item does not tell it.
    world.run("export", "1", "--out", "item", "-i", "reader.txt")
    world.second_opinion("item")
    expect(b"ransom message" not in world.read("item/log/fields"))
    world.run("case", "set", "--forget", "discovered", "--forget", "occurred")
    expect("discovered" not in world.json("case", "show", "-i", "reader.txt")[0])
    world.run("verify", "--content", "-i", "reader.txt")
    # A record that was shredded says nothing, and stands in nobody's way.
    world.run("shred", "5", "--authority", "a law", "--reason", "over", "--confirm", "5")
    expect([one.get("case") for one in world.json("case", "show", "-i", "reader.txt")] == [None])
    world.run("timeline", "-i", "reader.txt")


def what_is_no_date_is_refused(world):
    begin(world)
    for words in (["--discovered", "yesterday"], ["--event", "2025-02-19T03:00Z"], ["--event", "soon a message"], ["--forget", "found"],
                  [], ["--case", "IR-1"], ["--event", "2025-02-19T03:00Z \x1b[2J"], ["--case", "x" * 300, "--discovered", "2025-02-20"]):
        error = world.run("case", "set", *words, expect=1).stderr
        expect(b"error" in error and b"\x1b[2J" not in error, error)
    world.run("case", "set", "--notice-days", "0", expect=2)
    world.run("case", expect=2)
    world.admit("carl", "collector")
    world.run("case", "set", "--discovered", "2025-02-20", "--key", "carl.key", expect=1)
    expect(len(world.json("log")) == 4)


def a_timeline_shows_the_case_by_both_clocks(world):
    begin(world)
    world.run("case", "set", "--discovered", "2025-02-20")
    rows = world.json("timeline", "-i", "reader.txt")
    evidence = [(row["time"], row["told"]) for row in rows if row["lane"] == "evidence"]
    # The clock of the first one's source was a minute slow.
    expect(evidence == [("2025-02-18 02:04", ["1 auth.log"]), ("2025-02-19 03:00", ["2 note.txt"])], evidence)
    dates = [(row["time"], row["told"]) for row in rows if row["lane"] == "case"]
    expect(dates == [("2025-02-20T00:00:00.000Z", ["discovered"]),
                     ("2025-04-21T00:00:00.000Z", ["notice is due, 60 days after the discovery"])], dates)
    expect(sum(row["count"] for row in rows if row["lane"] == "custody") == 4)
    shown = world.run("timeline", "-i", "reader.txt").stdout.decode()
    for word in ("case  ", "evidence  ", "custody  ", "▼", "█", "auth.log", "notice is due"):
        expect(word in shown, (word, shown))
    days = world.json("timeline", "-i", "reader.txt", "--by", "day")
    expect([row["time"] for row in days if row["lane"] == "evidence"] == ["2025-02-18", "2025-02-19"])
    world.run("timeline", "--by", "week", expect=1)
    # Without a key: custody alone, and it says what a key would add.
    bare = world.run("timeline")
    expect(b"auth.log" not in bare.stdout and b"a reader's key shows them" in bare.stderr)
    expect({row["lane"] for row in world.json("timeline")} == {"custody"})
    one = world.json("timeline", "--case", "IR-2025-015", "-i", "reader.txt")
    expect([row["told"] for row in one if row["lane"] == "evidence"] == [["2 note.txt"]], one)
    world.run("timeline", "-i", "reader.txt", "--svg", "case.svg")
    picture = xml.etree.ElementTree.parse(world.folder / "case.svg").getroot()
    texts = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    expect(any("discovered" in text for text in texts) and "evidence" in texts, texts)
    world.run("timeline", "-i", "reader.txt", "--svg", "case.svg", expect=1)
    expect(world.run("timeline", "-i", "reader.txt", "--svg", "-").stdout == world.read("case.svg"))


def an_item_s_history_is_told_in_the_words_of_case(world):
    begin(world)
    world.admit("bob")
    world.run("hold", "1-2", "--authority", "12 Cv 3", "--reason", "a suit")
    world.run("cat", "1", "-i", "reader.txt", "--purpose", "triage")
    graph = json.loads(world.run("history", "1", "--case-uco", "-i", "reader.txt").stdout)["@graph"]
    names = [node["name"] for node in graph if node["@type"] == "InvestigativeAction"]
    expect(names == ["taken-in", "hold", "read"], names)
    expect([node["name"] for node in graph if node["@type"] == "Person"] == ["Tester"])
    files = [node for node in graph if node["@type"] == "File"]
    expect(len(files) == 1 and files[0]["hasFacet"][0]["fileName"] == "auth.log", files)
    # The same things are called the same in a bundle.
    world.run("export", "1", "--out", "bundle", "-i", "reader.txt")
    bundled = {node["@id"] for node in json.loads(world.read("bundle/custody.jsonld"))["@graph"]}
    same = {node["@id"] for node in graph if node["@type"] in ("File", "Person")}
    expect(same and same <= bundled, (same, bundled))
    sealed = world.run("history", "1", "--case-uco").stdout
    expect(b"auth.log" not in sealed and json.loads(sealed))
    world.run("history", "1", "--case-uco", "--json", expect=2)
