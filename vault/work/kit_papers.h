// What a kit (kit.h) says to people: README.txt, and one page to print.
//
// The page needs nothing outside of itself. What is short is there as text and as a QR code, so that a lost file can be read
// from paper: the fingerprint with the checkpoint, and each sealed secret. It opens nothing by itself, as the kit does not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vault/base/error.h"
#include "vault/custody/digests.h"
#include "vault/custody/person_facts.h"
#include "vault/tlog/checkpoint.h"

namespace exhibit::work {

// A key of the vault and whose it is, as far as that is told.
struct KitPerson {
  std::string handle;
  custody::PersonFacts facts;  // its person's number always
  std::string roles;           // "custodian", "collector, witness"
  bool is_admitted = true;     // not retired or replaced
};

// What a kit says in words, to whoever reads it.
struct KitWords {
  tlog::Checkpoint checkpoint;
  std::string checkpoint_note = {};
  std::vector<std::string> cosigners = {};  // names that the checkpoint's other lines say; nobody checked them
  custody::Fingerprint fingerprint;
  std::string made = {};       // a day
  std::string program = {};    // with its version
  std::string recipient = {};  // of the vault
  std::string log_key = {};    // as text
  std::optional<std::string> recovery_key = {};
  std::vector<KitPerson> people = {};
  bool names_people = false;  // false: a reader's key was missing, so that handles alone are told
  std::vector<custody::ReaderFacts> readers = {};
  bool is_under_passphrase = false;  // the vault's key, and not sealed to readers
  struct File {
    std::string name;  // within the kit
    std::string text;
  };
  std::vector<File> secrets = {};          // keys/…, sealed, armored
  std::vector<std::string> left_out = {};  // each a sentence: which file, why, and what to do about it
};

// README.txt and print.html. kIo where a QR code cannot be made.
std::string KitReadme(const KitWords& words);
Result<std::string> KitPage(const KitWords& words);

}  // namespace exhibit::work
