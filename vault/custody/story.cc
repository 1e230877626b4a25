#include "vault/custody/story.h"

#include "vault/base/clock.h"
#include "vault/base/text.h"

namespace exhibit::custody {
namespace {

std::string Under(const std::string& reason, const std::string& authority) {
  return Printable(reason) + " (authority: " + Printable(authority) + ")";
}

std::string RolesOf(const Custodian& custodian) {
  std::string roles;
  for (const Role role : custodian.roles) roles += (roles.empty() ? "" : ", ") + std::string(ToText(role));
  return roles;
}

std::string Count(std::size_t number, const std::string& noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string InOtherHands(const std::optional<Timestamp>& since) {
  return since ? "; in other hands since " + FormatTime(*since) : "";
}

struct Teller {
  std::string operator()(const Genesis& body) const {
    return "the vault was made by " + Printable(body.custodian.name);
  }
  std::string operator()(const Item& body) const {
    if (!body.collected) return "taken in";
    const CollectedNumber& of = body.collected->statement().of;
    return "taken in; collected by " + Printable(of.collector) + ", number " + std::to_string(of.number);
  }
  std::string operator()(const Omission& body) const { return Count(body.count, "input") + " not taken in"; }
  std::string operator()(const Note& body) const { return "noted on " + body.items.ToText(); }
  std::string operator()(const Admit& body) const {
    return "admitted: " + Printable(body.custodian.name) + ", " + Printable(ActorOf(body.custodian.key)) + ", as " +
           RolesOf(body.custodian);
  }
  std::string operator()(const Retire& body) const {
    return "retired: " + Printable(body.key) + ": " + Printable(body.reason) + InOtherHands(body.compromised_since);
  }
  std::string operator()(const Rotate& body) const { return "replaced by " + Printable(ActorOf(body.key)); }
  std::string operator()(const Received& body) const {
    const Receipt& receipt = body.receipt.receipt();
    const std::string who =
        "received by " + Printable(ActorOf(receipt.received_by)) + " at " + FormatTime(receipt.time);
    if (!receipt.finding) return who + ": the bundle held";
    return who + ": the bundle did not hold: " + Printable(*receipt.finding);
  }
  std::string operator()(const CaseRecord& /*body*/) const { return "dates of the case recorded"; }
  std::string operator()(const Rule& body) const {
    std::string types;
    for (const EntryType type : body.two) types += (types.empty() ? "" : ", ") + std::string(ToText(type));
    return types.empty() ? "rule lifted: nothing needs two custodians" : "rule: two custodians for " + types;
  }
  std::string operator()(const Hold& body) const { return "held: " + Under(body.reason, body.authority); }
  std::string operator()(const Release& body) const { return "released: " + Under(body.reason, body.authority); }
  std::string operator()(const Shred& body) const { return "shredded: " + Under(body.reason, body.authority); }
  std::string operator()(const Timestamped& body) const {
    if (const auto* const renews = std::get_if<tlog::Sequence>(&body.stamped)) {
      return "timestamp renewed: that of entry " + std::to_string(renews->value);
    }
    const tlog::TreeSize size = std::get<NotedCheckpoint>(body.stamped).checkpoint().size;
    return "timestamped: the log at size " + std::to_string(size.value);
  }
  std::string operator()(const Recovery& body) const {
    return "went on from a restored copy, without the head of size " +
           std::to_string(body.lost.checkpoint().size.value) + ": " + Printable(body.reason);
  }
  std::string operator()(const RotateLog& body) const {
    return "the log's key replaced by " + Printable(ActorOf(body.key)) + InOtherHands(body.compromised_since);
  }
  std::string operator()(const ReaderChange& body) const {
    std::string names;
    for (const Reader& reader : body.readers) {
      names += (names.empty() ? "" : ", ") + (reader.name ? Printable(*reader.name) : reader.recipient.ToText());
    }
    return "the readers are from here on: " + names;
  }
  std::string operator()(const Reseal& body) const {
    return "sealed to another key of the vault: " + Count(body.headers.size(), "item");
  }
  std::string operator()(const Access& body) const {
    switch (body.way) {
      case Access::Way::kRead: return "read: " + Printable(body.purpose);
      case Access::Way::kExportFailed: return Printable(body.purpose);
      case Access::Way::kExport: break;
    }
    const std::string to = body.recipients.empty() ? ", plain" : " to " + Count(body.recipients.size(), "recipient");
    return "exported" + to + ": " + Printable(body.purpose);
  }
  std::string operator()(const Transfer& body) const {
    const Statement& statement = body.statement.statement();
    const std::string parties = Printable(statement.released_by) + " to " + Printable(statement.received_by);
    const std::string why = ": " + Printable(statement.purpose);
    switch (body.outcome) {
      case Transfer::Outcome::kAccepted: return "handed over from " + parties + why;
      case Transfer::Outcome::kRefused: return "hand-over from " + parties + " refused" + why;
      case Transfer::Outcome::kAbandoned: return "hand-over from " + parties + " abandoned" + why;
    }
    InternalError("an outcome has no words", __FILE__, __LINE__);
  }
};

}  // namespace

std::string Describe(const Entry& entry) { return std::visit(Teller{}, entry.body); }

}  // namespace exhibit::custody
