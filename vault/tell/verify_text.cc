#include "vault/tell/verify_text.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/entry_time.h"

namespace exhibit::tell {
namespace {

// docs/FORMAT.md, "By hand", has these for a plain bundle; a test compares them.
constexpr std::string_view kFirst = R"script(set -u; cd "$1" || exit 1; T=$(mktemp -d); fingerprint=${2:-}
bad() { echo "does not hold: $1"; exit 3; }
leaf() { { printf '\0'; cat "$1"; } | sha256sum | cut -c1-64; }
node() { { printf '\1'; echo "$1$2" | xxd -r -p; } | sha256sum | cut -c1-64; }
value() { head -n 1 "$1" | grep -o "\"$2\":\"*[^\",}]*" | head -n 1 | sed 's/^"[^"]*":"*//'; }
key() { { echo 302a300506032b6570032100; echo "$1" | cut -d+ -f3- | base64 -d | tail -c 32 | xxd -p -c 32; } | xxd -r -p; }
signed() { # FILE, KEY: the signature line of this key
  key "$2" > "$T/key"; sed '/^$/,$d' "$1" > "$T/text"
  for s in $(grep "^— ${2%%+*} " "$1" | sed 's/.* //'); do
    [ "$(echo "$s" | base64 -d | head -c 4 | xxd -p)" = "$(echo "$2" | cut -d+ -f2)" ] || continue
    echo "$s" | base64 -d | tail -c 64 > "$T/signature"
    openssl pkeyutl -verify -pubin -inkey "$T/key" -keyform DER -rawin -in "$T/text" -sigfile "$T/signature" > "$T/out" 2>&1 && return 0
  done; bad "the signature of $1 by $2"; }

# The bag.
sha256sum --quiet -c manifest-sha256.txt tagmanifest-sha256.txt || bad "a file of the bag"
[ "$(value bundle.note tagmanifest)" = "$(sha256sum < tagmanifest-sha256.txt | cut -c1-64)" ] || bad "the note is of another tag manifest"

# The entries: position, chain, law, and the actor's signature.
awk -v d="$T" '/^\{/ { match($0, /"seq":[0-9]+/); f = d "/e" substr($0, RSTART + 6, RLENGTH - 6); print f > (d "/order") } { print > f }' log/entries
first=$(head -n 1 "$T/order"); [ "$first" = "$T/e0" ] || bad "the genesis is missing"
[ -z "$fingerprint" ] || [ "$(leaf "$first")" = "$fingerprint" ] || bad "it is another vault"
law=0; : > "$T/keys"; : > "$T/nodes"
while read -r e; do
  n=${e##*/e}
  case $(value "$e" type) in genesis | custodian | suspend | rule | reader | log-key | recovery | upgrade | closed) is_law=1;; reseal) grep -q '"recipient":' "$e" && is_law=1 || is_law=0;; *) is_law=0;; esac
  [ "$(value "$e" law)" = "$law" ] || bad "law of entry $n: an entry was left out"
  [ "$is_law" = 0 ] || law=$n
  [ ! -f "$T/e$((n - 1))" ] || [ "$(value "$e" prev)" = "$(leaf "$T/e$((n - 1))")" ] || bad "prev of entry $n"
  head -n 1 "$e" | grep -o '\(key\|recovery\|next\)\\*":\\*"[^"\]*+[0-9a-f]*+[^"\]*' | sed 's/.*"//' >> "$T/keys"
  [ "$(value "$e" type)" != genesis ] || head -n 1 "$e" | grep -o '"log":\["[^"]*"' | cut -d'"' -f4 > "$T/log"
  [ "$(value "$e" type)" != log-key ] || head -n 1 "$e" | grep -o '"log":\["[^"]*"' | cut -d'"' -f4 > "$T/log"
  signed "$e" "$(grep -F "$(value "$e" actor)+" "$T/keys" | head -n 1)"
  echo "0 $n $(leaf "$e")" >> "$T/nodes"
done < "$T/order"

# The tree: neighbours of one level become one of the next; what is left is joined from the right.
size=$(sed -n 2p log/checkpoint | tr -cd 0-9); [ "$n" = $((size - 1)) ] || bad "the last entry is missing"
awk '{ printf "%.0f %.0f %s %.0f\n", $1, $2, $3, $2 * 2 ^ $1 }' "$T/nodes" log/hashes | sort -n -k4 > "$T/sorted"
stack=
at=0
while read -r l i h start; do
  [ "$start" = "$at" ] || bad "the hashes have a gap or overlap at $at"
  at=$((start + (1 << l)))
  while [ -n "$stack" ] && [ $((i % 2)) = 1 ]; do
    top=${stack%% *}; [ "${top%%:*}" = "$l" ] || break
    stack=${stack#* }; h=$(node "${top##*:}" "$h"); l=$((l + 1)); i=$((i / 2))
  done
  stack="$l:$h $stack"
done < "$T/sorted"
root=
for top in $stack; do root=$([ -z "$root" ] && echo "${top##*:}" || node "${top##*:}" "$root"); done
[ "$root" = "$(sed -n 3p log/checkpoint | base64 -d | xxd -p -c 32)" ] || bad "the tree"
signed log/checkpoint "$(cat "$T/log")"

# The fields, and the originals by theirs.
block() { awk -v n="$1" '/^= / { on = ($2 == n); next } on' log/fields; }
told() { block "$1" | grep "^\[\"[0-9a-f]*\",\"$2\"," | cut -d, -f3- | sed 's/\]$//; s/^"//; s/"$//'; }
for n in $(awk '/^= / { print $2 }' log/fields); do
  block "$n" | while IFS= read -r l; do
    case $l in \[*) echo "$(printf '%s\n' "$l" | sha256sum | cut -c1-64)  $(echo "$l" | cut -d'"' -f4)";; *) printf '%s\n' "$l";; esac
  done > "$T/list"
  LC_ALL=C sort -c -u -k2 "$T/list" || bad "the order of the fields of entry $n"
  [ "$(value "$T/e$n" fields)" = "$(sha256sum < "$T/list" | cut -c1-64)" ] || bad "the fields of entry $n"
done
)script";

constexpr std::string_view kOriginals = R"script(while IFS= read -r l; do
  n=${l%% *}; name=${l#*  }
  [ "$(told "$n" sha256)" = "$(sha256sum < "data/$name" | cut -c1-64)" ] || bad "the original of entry $n"
done < log/files

)script";

constexpr std::string_view kLast = R"script(# Who made it.
export=$(value bundle.note export); made_by=$(value bundle.note made_by)
[ "$(value "$T/e$export" actor)" = "$made_by" ] || bad "the note is by another than its act"
signed bundle.note "$(grep -F "$made_by+" "$T/keys" | head -n 1)"
[ "$(told "$export" act)" = exported ] || bad "the act of the note is no export"
[ "$(told "$export" manifest)" = "$(sha256sum < manifest-sha256.txt | cut -c1-64)" ] || bad "the manifest that was exported is another"
[ "$(value bundle.note size)" = "$size" ] || bad "the note is of another size"
rm -r "$T"; echo "as of entry $((size - 1)), all that was checked holds"
[ -n "$fingerprint" ] || { echo "whose vault it is was not checked"; exit 5; }
)script";

// In place of the originals. A payload's blocks are its nonce, 16 chunks of age each, and its tail.
constexpr std::string_view kSealedFiles = R"script(
# The sealed files, by the layouts and headers that their entries name.
lines() { awk -v n="$1" '/^= / { on = ($2 == n); next } on' "$2"; }
root() { # FILE: a line for each leaf
  s=; c=0
  while read -r h; do
    c=$((c + 1)); k=$c
    while [ $((k % 2)) = 0 ]; do h=$(node "${s%% *}" "$h"); s=${s#* }; k=$((k / 2)); done
    s="$h $s"
  done < "$1"
  r=; for h in $s; do r=$([ -z "$r" ] && echo "$h" || node "$h" "$r"); done; echo "$r"; }
while IFS= read -r l; do
  n=${l%% *}; file="data/${l#*  }"; lines "$n" log/layouts > "$T/layout"; lines "$n" log/headers > "$T/header"
  [ "$(value "$T/e$n" payload)" = "$(sha256sum < "$T/layout" | cut -c1-64)" ] || bad "the layout of entry $n"
  [ ! -s "$T/header" ] || [ "$(value "$T/e$n" header)" = "$(sha256sum < "$T/header" | cut -c1-64)" ] || bad "the header of entry $n"
  bytes=$(value "$T/layout" bytes | tr -cd 0-9); tail=$(value "$T/layout" tail | tr -cd 0-9)
  [ -n "$bytes" ] && [ -n "$tail" ] || bad "the layout of entry $n"
  end=$((bytes - tail)); from=$(($(wc -c < "$file") - bytes)); [ "$from" -gt 0 ] || bad "the length of $file"
  at=0; : > "$T/leaves"
  while [ "$at" -lt "$bytes" ]; do
    if [ "$at" = 0 ]; then take=16; elif [ "$at" = "$end" ]; then take=$((bytes - end)); else take=$((end - at)); fi
    [ "$at" = "$end" ] || [ "$take" -le 1048832 ] || take=1048832
    tail -c "+$((from + at + 1))" "$file" | head -c "$take" > "$T/block"
    leaf "$T/block" >> "$T/leaves"; at=$((at + take))
  done
  [ "$(value "$T/layout" root)" = "$(root "$T/leaves")" ] || bad "the payload of entry $n"
done < log/files

)script";

std::string HowToUse(const bundle::BundleHead& head, std::uint64_t items) {
  return Format(
      "# How to check this bundle: {} of the log {}, handed over by\n"
      "# {} at {}. Made by {}.\n"
      "#\n"
      "# Programs of the Exhibit project check all of it. In the bundle's folder:\n"
      "#\n"
      "#     exhibit-verify . --fingerprint FINGERPRINT\n"
      "#     python3 verify_bundle.py . --fingerprint FINGERPRINT\n"
      "#\n"
      "# This file is a script for stock tools alone: sha256sum, openssl 3, awk, sort, xxd and a shell. Read it, then "
      "run it:\n"
      "#\n"
      "#     sh VERIFY.txt FINGERPRINT\n"
      "#\n"
      "# It checks that the files are those that the lists name; that each entry is signed, follows the one before it "
      "and is\n"
      "# in the signed log; that the fields and the files are those that the entries name; and who made the bundle. It "
      "does\n"
      "# not judge who might sign what: the programs above do. It stops at the first thing that does not hold.\n"
      "#\n"
      "# FINGERPRINT names the vault. You were told it in another way than with this bundle, or nothing says whose log "
      "this\n"
      "# is, and the script says so at its end. When the bundle was made it was\n"
      "#     {}\n"
      "# The script came with what it checks. Whoever does not trust the sender takes it from docs/FORMAT.md of the "
      "Exhibit\n"
      "# project, which says what each file is.\n",
      Counted(items, "item", "items"), Printable(head.log.origin.text()), Printable(head.custodian.text()),
      FormatEntryTime(custody::EntryTimeOf(head.made)), Printable(head.program), ToHex(head.fingerprint.view()));
}

constexpr std::string_view kHowToOpen =
    "#\n"
    "# A sealed file is opened with your key by\n"
    "#     age -d -i KEY data/7.age | zstd -dc\n"
    "# and what that gives has the SHA-256 that the field `sha256` in it says:\n"
    "#     age -d -i KEY data/7.age | grep -a '\"sha256\"'\n";

}  // namespace

std::string VerifyText(const bundle::BundleHead& head, std::uint64_t items) {
  const bool is_plain = head.form == bundle::Form::kPlain;
  std::string text = HowToUse(head, items);
  if (!is_plain) text += kHowToOpen;
  text += "\nset -- \"$(dirname \"$0\")\" \"${1:-}\"\n";
  text.append(kFirst).append(is_plain ? kOriginals : kSealedFiles).append(kLast);
  return text;
}

}  // namespace exhibit::tell
