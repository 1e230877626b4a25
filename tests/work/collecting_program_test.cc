// Goal: a program for another kind of machine is refused when a kit is made, and not found out on the machine.
#include "vault/work/collecting_program.h"

#include "tests/support/check.h"
#include "vault/base/file.h"

namespace exhibit::testing {
namespace {

using work::System;

void Put(Bytes& bytes, std::size_t at, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

// The beginning of an ELF program with one header of that type.
Bytes Elf(std::uint64_t machine, std::uint64_t header_type) {
  Bytes bytes(64 + 56, 0);
  const Bytes magic = Hex("7f454c460201");
  std::ranges::copy(magic, bytes.begin());
  Put(bytes, 18, machine, 2);
  Put(bytes, 32, 64, 8);  // where the headers begin
  Put(bytes, 54, 56, 2);
  Put(bytes, 56, 1, 2);
  Put(bytes, 64, header_type, 4);
  return bytes;
}

}  // namespace

TEST_CASE("a program says for which system it is", "[collecting-kit]") {
  CHECK(work::LookAtProgram(Elf(62, 1)).system == System::kLinuxX8664);
  CHECK(work::LookAtProgram(Elf(183, 1)).system == System::kLinuxArm64);
  CHECK_FALSE(work::LookAtProgram(Elf(8, 1)).system);
  CHECK(work::LookAtProgram(ViewOf("MZ\x90")).system == System::kWindowsX8664);
  CHECK_FALSE(work::LookAtProgram(ViewOf("#!/bin/sh\n")).system);
  CHECK(work::LookAtProgram(Elf(62, 3)).needs_libraries);
  CHECK_FALSE(work::LookAtProgram(Elf(62, 1)).needs_libraries);
  // Cut off, or with headers that are nowhere: nothing is read past the end.
  const Bytes whole = Elf(62, 3);
  for (std::size_t size = 0; size < whole.size(); ++size) (void)work::LookAtProgram(ByteView(whole).first(size));
  Bytes far = whole;
  Put(far, 32, ~std::uint64_t{0}, 8);
  CHECK_FALSE(work::LookAtProgram(far).needs_libraries);
  Bytes many = whole;
  Put(many, 64, 1, 4);
  Put(many, 56, 0xffff, 2);
  CHECK_FALSE(work::LookAtProgram(many).needs_libraries);
}

TEST_CASE("what runs here is known, and what fits another system is refused", "[collecting-kit]") {
  const Bytes own = Unwrap(ReadFile("/proc/self/exe", std::uint64_t{1} << 30));
  const auto here = work::ThisSystem();
  if (here) {
    CHECK(work::LookAtProgram(own).system == here);
    CHECK(work::LookAtProgram(own).needs_libraries);
    const System other = *here == System::kLinuxArm64 ? System::kLinuxX8664 : System::kLinuxArm64;
    CHECK_FAILS(work::CheckProgram({other, "p"}, own), ErrorCode::kInvalid, "p is a program for linux-");
  }
  CHECK_FAILS(work::CheckProgram({System::kLinuxArm64, "p"}, ViewOf("MZ")), ErrorCode::kInvalid, "for windows-x86-64");
  CHECK_FAILS(work::CheckProgram({System::kLinuxArm64, "p"}, {}), ErrorCode::kInvalid, "p is empty");
  REQUIRE_OK(work::CheckProgram({System::kLinuxArm64, "p"}, ViewOf("#!/bin/sh\n")));
}

TEST_CASE("programs are named by system and file", "[collecting-kit]") {
  const auto program = Unwrap(work::ParseProgram("linux-arm64=a=b"));
  CHECK(program.system == System::kLinuxArm64);
  CHECK(program.file == "a=b");
  CHECK(work::NameInKit(System::kWindowsX8664) == "programs/windows-x86-64/exhibit-collect.exe");
  CHECK_FAILS(work::ParseProgram("linux-arm64"), ErrorCode::kInvalid, "a system and a file");
  CHECK_FAILS(work::ParseProgram("linux-arm64="), ErrorCode::kInvalid, "a system and a file");
  CHECK_FAILS(work::ParseProgram("linux=x"), ErrorCode::kInvalid, "\"linux\" is no system");
}

}  // namespace exhibit::testing
