// Three entries, byte for byte, made by a script of another language from published seeds: what
// this format is, independent of the code that writes it.
#pragma once

#include <string>
#include <vector>

#include "tests/tlog/golden_log.h"
#include "vault/custody/entry.h"

namespace exhibit::testing {

// The seeds are SHA-256 of "exhibit test: alice" and of "exhibit test: log".
inline tlog::SigningKey Alice() {
  return KeyOfSeed("alice", tlog::SignatureType::kEd25519,
                   "a21e51c3d94bcb35278b20926e0639143a4a79879074d1b0832270031a204b5e");
}
inline tlog::SigningKey ExampleLogKey() {
  return KeyOfSeed("vault.example/case-1", tlog::SignatureType::kEd25519,
                   "eed44d3aba816ac7871f2fcb7a0e24e71f06a1270b34df55fc1ba3ae78a15745");
}

inline const std::string kGenesisText =
    R"({"v":1,"type":"genesis","origin":"vault.example/case-1","seq":0,)"
    R"("prev":"0000000000000000000000000000000000000000000000000000000000000000",)"
    R"("time":"2026-11-24T00:44:12.123Z","actor":"alice+5d6d6ad4",)"
    R"("recipient":"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",)"
    R"("log":"vault.example/case-1+713fb62a+Aa4/6k/tjpBQN4WIN4IV5Y6WWb/q9ysnlgrAC9NKq251",)"
    R"("custodian":{"name":"Alice Example",)"
    R"("key":"alice+5d6d6ad4+ARJqhvCHXqIOpKBAAHn5V5UJra5swmglFREV5dhwizx2",)"
    R"("roles":["custodian"]}})"
    "\n";
inline const std::string kGenesisSignature =
    "\n— alice XW1q1B9HT5QKKbPyMILzllf+8W2scyNR9xwrB6j1S962MLgCaqMNS5t/S8bioprOkzT7G11MGvomc4HQNG1z"
    "qFM2EQo=\n";
inline const std::string kGenesisLeaf = "9e1288f4d5fae4605ccaf12990a08255803b77f7aed597887d2dac97a4ee4cf9";

inline const std::string kItemText = R"({"v":1,"type":"item","origin":"vault.example/case-1","seq":1,)"
                                     R"("prev":"9e1288f4d5fae4605ccaf12990a08255803b77f7aed597887d2dac97a4ee4cf9",)"
                                     R"("time":"2026-11-24T00:44:13.000Z","actor":"alice+5d6d6ad4",)"
                                     R"("header":"1e0584a25d9f43bf5cbd0aec01eb1af2220ed085b4e7f1837b0d89958cae353a",)"
                                     R"("payload":{"bytes":316,"tail":300,)"
                                     R"("root":"4813494d137e1631bba301d5acab6e7bb7aa74ce1185d456565ef51d737677b2"}})"
                                     "\n";
inline const std::string kItemSignature =
    "\n— alice XW1q1GEw1lDPsHHuECWuUQ1iUFE0iBprpCzoIkFJhSgCtSfQ62F8Cl7l4AyF3b3kZz04q9tpSXiZANGi0NVV"
    "KEw2wQM=\n";
inline const std::string kItemLeaf = "2c1e209848af3c62ca764d779a5bfc97a8218df5178c29bba8e6892ce3388c2a";

inline const std::string kOmissionText =
    R"({"v":1,"type":"omission","origin":"vault.example/case-1","seq":2,)"
    R"("prev":"2c1e209848af3c62ca764d779a5bfc97a8218df5178c29bba8e6892ce3388c2a",)"
    R"("time":"2026-11-24T00:44:14.000Z","actor":"alice+5d6d6ad4","count":2,)"
    R"("header":"1e0584a25d9f43bf5cbd0aec01eb1af2220ed085b4e7f1837b0d89958cae353a",)"
    R"("payload":{"bytes":316,"tail":300,)"
    R"("root":"4813494d137e1631bba301d5acab6e7bb7aa74ce1185d456565ef51d737677b2"}})"
    "\n";
inline const std::string kOmissionSignature =
    "\n— alice XW1q1Gy44yS8ko1hAoKJZH+jObGRVnzq5qsfo1kb1qSZAwLHANQoUd4D/7tdE8wPRBJU3nNOl29vM73KaH1I"
    "x75Dqgc=\n";
inline const std::string kOmissionLeaf = "80fea1f73749c99ac229b9ef424e2011b754f891b73f3c4d8ee1f3603dd6ffe4";

inline custody::SignedEntry ParseEntry(const std::string& bytes) {
  return Unwrap(custody::SignedEntry::Parse(ToBytes(ViewOf(bytes))));
}
inline custody::SignedEntry ExampleGenesis() { return ParseEntry(kGenesisText + kGenesisSignature); }
inline custody::SignedEntry ExampleItem() { return ParseEntry(kItemText + kItemSignature); }

// `text` signed by `key`, whoever it says its actor is.
inline custody::SignedEntry SignText(const std::string& text, const tlog::SigningKey& key) {
  return Unwrap(custody::SignedEntry::Parse(Unwrap(tlog::SignNote(text, key))));
}

// One of them: the signed line, what stands behind it, and the leaf.
struct Example {
  std::string text;
  std::string signature;
  std::string leaf;
};
inline const std::vector<Example>& Examples() {
  static const std::vector<Example> examples = {{kGenesisText, kGenesisSignature, kGenesisLeaf},
                                                {kItemText, kItemSignature, kItemLeaf},
                                                {kOmissionText, kOmissionSignature, kOmissionLeaf}};
  return examples;
}

}  // namespace exhibit::testing
