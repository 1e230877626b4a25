#include "vault/tell/story.h"

#include "vault/base/clock.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::tell {
namespace {

std::string Under(const std::string& reason, const std::string& authority) {
  return Format("{} (authority: {})", Printable(reason), Printable(authority));
}

std::string RolesOf(const custody::Custodian& custodian) {
  std::string roles;
  for (const custody::Role role : custodian.roles) roles += (roles.empty() ? "" : ", ") + std::string(ToText(role));
  return roles;
}

std::string Count(std::size_t number, const std::string& noun) { return Counted(number, noun, noun + "s"); }

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
    return Format("taken in; collected by {}, number {}", Printable(of.collector), of.number);
  }
  std::string operator()(const custody::Omission& body) const { return Count(body.count, "input") + " not taken in"; }
  std::string operator()(const custody::Note& body) const { return "noted on " + body.items.ToText(); }
  std::string operator()(const custody::Admit& body) const {
    return Format("admitted: {}, {}, as {}", Printable(body.custodian.name),
                  Printable(custody::ActorOf(body.custodian.key)), RolesOf(body.custodian));
  }
  std::string operator()(const custody::Retire& body) const {
    return Format("retired: {}: {}{}", Printable(body.key), Printable(body.reason),
                  InOtherHands(body.compromised_since));
  }
  std::string operator()(const custody::Rotate& body) const {
    return "replaced by " + Printable(custody::ActorOf(body.key));
  }
  std::string operator()(const custody::Received& body) const {
    const custody::Receipt& receipt = body.receipt.receipt();
    const std::string who =
        Format("received by {} at {}", Printable(custody::ActorOf(receipt.received_by)), FormatTime(receipt.time));
    if (!receipt.finding) return who + ": the bundle held";
    return Format("{}: the bundle did not hold: {}", who, Printable(*receipt.finding));
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
      return Format("timestamp renewed: that of entry {}", renews->value);
    }
    const tlog::TreeSize size = std::get<custody::NotedCheckpoint>(body.stamped).checkpoint().size;
    return Format("timestamped: the log at size {}", size);
  }
  std::string operator()(const custody::Recovery& body) const {
    return Format("went on from a restored copy, without the head of size {}: {}", body.lost.checkpoint().size,
                  Printable(body.reason));
  }
  std::string operator()(const custody::RotateLog& body) const {
    return Format("the log's key replaced by {}{}", Printable(custody::ActorOf(body.key)),
                  InOtherHands(body.compromised_since));
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
    const std::string parties = Format("{} to {}", Printable(statement.released_by), Printable(statement.received_by));
    const std::string why = ": " + Printable(statement.purpose);
    switch (body.outcome) {
      case custody::Transfer::Outcome::kAccepted: return Format("handed over from {}{}", parties, why);
      case custody::Transfer::Outcome::kRefused: return Format("hand-over from {} refused{}", parties, why);
      case custody::Transfer::Outcome::kAbandoned: return Format("hand-over from {} abandoned{}", parties, why);
    }
    InternalError("an outcome has no words", __FILE__, __LINE__);
  }
};

}  // namespace

std::string Describe(const custody::Entry& entry) { return std::visit(Teller{}, entry.body); }

}  // namespace exhibit::tell
