#include "vault/custody/body.h"

namespace exhibit::custody {

const ActForm& FormOf(const EntryBody& body) {
  return std::visit([]<typename Act>(const Act&) -> const ActForm& { return Act::kForm; }, body);
}

std::string_view WordFor(const EntryBody& body) {
  const ActForm& form = FormOf(body);
  return form.act.empty() ? form.type : form.act;
}

bool IsLaw(const EntryBody& body) {
  return std::visit(
      []<typename Act>(const Act& act) {
        if constexpr (Act::kForm.law == LawRule::kIfRecipient) return act.IsLaw();
        return Act::kForm.law == LawRule::kYes;
      },
      body);
}

bool RefusesStopped(const EntryBody& body) {
  return std::visit(
      []<typename Act>(const Act& act) {
        if constexpr (requires { act.RefusesStopped(); }) {
          return act.RefusesStopped();
        } else {
          static_assert(Act::kForm.law != LawRule::kIfRecipient, "say when who is stopped may not sign it");
          return Act::kForm.law == LawRule::kYes;
        }
      },
      body);
}

const ItemSet* NamedItemsOf(const EntryBody& body) {
  return std::visit(
      []<typename Act>(const Act& act) -> const ItemSet* {
        if constexpr (NamesItems<Act>) return act.named_items();
        return nullptr;
      },
      body);
}

ByteView StatementNoteOf(const EntryBody& body) {
  return std::visit(
      []<typename Act>(const Act& act) -> ByteView {
        if constexpr (CarriesStatement<Act>) return act.statement_note();
        return {};
      },
      body);
}

bool HasSealedFile(const EntryBody& body) {
  const SealedRule sealed = FormOf(body).sealed;
  return sealed == SealedRule::kFields || sealed == SealedRule::kContent;
}

std::size_t MoreSignatures(const EntryBody& body) {
  return std::visit(
      []<typename Act>(const Act&) -> std::size_t {
        if constexpr (requires { Act::kMoreSignatures; }) return Act::kMoreSignatures;
        return 0;
      },
      body);
}

}  // namespace exhibit::custody
