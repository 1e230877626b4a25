#include "vault/tell/story.h"

#include "vault/base/clock.h"
#include "vault/base/text.h"

namespace exhibit::tell {
namespace {

std::string Under(const std::string& reason, const std::string& authority) {
  return Printable(reason) + " (authority: " + Printable(authority) + ")";
}

std::string RolesOf(const custody::Custodian& custodian) {
  std::string roles;
  for (const custody::Role role : custodian.roles) roles += (roles.empty() ? "" : ", ") + std::string(ToText(role));
  return roles;
}

std::string Count(std::size_t number, const std::string& noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string InOtherHands(const std::optional<Moment>& since) {
  return since ? "; in other hands since " + FormatTime(*since) : "";
}

struct Teller {
  std::string operator()(const custody::Genesis& body) const {
    return "the vault was made by " + Printable(body.custodian.name);
  }
  std::string operator()(const custody::Item& body) const {
    if (!body.collected) return "taken in";
    const custody::CollectedNumber& of = body.collected->statement().of;
    return "taken in; collected by " + Printable(of.collector) + ", number " + std::to_string(of.number);
  }
  std::string operator()(const custody::Omission& body) const { return Count(body.count, "input") + " not taken in"; }
  std::string operator()(const custody::Note& body) const { return "noted on " + body.items.ToText(); }
  std::string operator()(const custody::Admit& body) const {
    return "admitted: " + Printable(body.custodian.name) + ", " + Printable(custody::ActorOf(body.custodian.key)) +
           ", as " + RolesOf(body.custodian);
  }
  std::string operator()(const custody::Retire& body) const {
    return "retired: " + Printable(body.key) + ": " + Printable(body.reason) + InOtherHands(body.compromised_since);
  }
  std::string operator()(const custody::Rotate& body) const {
    return "replaced by " + Printable(custody::ActorOf(body.key));
  }
  std::string operator()(const custody::Received& body) const {
    const custody::Receipt& receipt = body.receipt.receipt();
    const std::string who =
        "received by " + Printable(custody::ActorOf(receipt.received_by)) + " at " + FormatTime(receipt.time);
    if (!receipt.finding) return who + ": the bundle held";
    return who + ": the bundle did not hold: " + Printable(*receipt.finding);
  }
  std::string operator()(const custody::CaseRecord& /*body*/) const { return "dates of the case recorded"; }
  std::string operator()(const custody::Rule& body) const {
    std::string types;
    for (const custody::EntryType type : body.needs_two)
      types += (types.empty() ? "" : ", ") + std::string(ToText(type));
    return types.empty() ? "rule lifted: nothing needs two custodians" : "rule: two custodians for " + types;
  }
  std::string operator()(const custody::Hold& body) const { return "held: " + Under(body.reason, body.authority); }
  std::string operator()(const custody::Release& body) const {
    return "released: " + Under(body.reason, body.authority);
  }
  std::string operator()(const custody::Shred& body) const { return "shredded: " + Under(body.reason, body.authority); }
  std::string operator()(const custody::Timestamped& body) const {
    if (const auto* const renews = std::get_if<tlog::Sequence>(&body.stamped)) {
      return "timestamp renewed: that of entry " + std::to_string(renews->value);
    }
    const tlog::TreeSize size = std::get<custody::NotedCheckpoint>(body.stamped).checkpoint().size;
    return "timestamped: the log at size " + std::to_string(size.value);
  }
  std::string operator()(const custody::Recovery& body) const {
    return "went on from a restored copy, without the head of size " +
           std::to_string(body.lost.checkpoint().size.value) + ": " + Printable(body.reason);
  }
  std::string operator()(const custody::RotateLog& body) const {
    return "the log's key replaced by " + Printable(custody::ActorOf(body.key)) + InOtherHands(body.compromised_since);
  }
  std::string operator()(const custody::ReaderChange& body) const {
    std::string names;
    for (const custody::Reader& reader : body.readers) {
      names += (names.empty() ? "" : ", ") + (reader.name ? Printable(*reader.name) : reader.recipient.ToText());
    }
    return "the readers are from here on: " + names;
  }
  std::string operator()(const custody::Reseal& body) const {
    return "sealed to another key of the vault: " + Count(body.headers.size(), "item");
  }
  std::string operator()(const custody::Access& body) const {
    switch (body.way) {
      case custody::Access::Way::kRead: return "read: " + Printable(body.purpose);
      case custody::Access::Way::kExportFailed: return Printable(body.purpose);
      case custody::Access::Way::kExport: break;
    }
    const std::string to = body.recipients.empty() ? ", plain" : " to " + Count(body.recipients.size(), "recipient");
    return "exported" + to + ": " + Printable(body.purpose);
  }
  std::string operator()(const custody::Transfer& body) const {
    const custody::Statement& statement = body.statement.statement();
    const std::string parties = Printable(statement.released_by) + " to " + Printable(statement.received_by);
    const std::string why = ": " + Printable(statement.purpose);
    switch (body.outcome) {
      case custody::Transfer::Outcome::kAccepted: return "handed over from " + parties + why;
      case custody::Transfer::Outcome::kRefused: return "hand-over from " + parties + " refused" + why;
      case custody::Transfer::Outcome::kAbandoned: return "hand-over from " + parties + " abandoned" + why;
    }
    InternalError("an outcome has no words", __FILE__, __LINE__);
  }
};

}  // namespace

std::string Describe(const custody::Entry& entry) { return std::visit(Teller{}, entry.body); }

}  // namespace exhibit::tell
