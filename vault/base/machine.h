// What the programs take from the configuration of the machine that they run on: names, its time zone, the user's characters.
//
// There are two of it, and a build links one. machine.cc asks the system, which may ask servers, and loads code of the machine
// for it. machine_unasked.cc is for programs that run anywhere (tools/portable), also where an intruder owns the machine: it
// opens /etc/passwd and /etc/group, knows the names that are there, and opens nothing else.
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace exhibit {

// Of a user's or a group's number. Nothing for one that has no name, or where nobody can say.
std::optional<std::string> NameOfUser(std::uint32_t uid);
std::optional<std::string> NameOfGroup(std::uint32_t gid);

// How far this machine's clock on the wall was ahead of UTC at that time, in seconds. Nothing where nobody asks.
std::optional<long> ZoneAt(std::time_t time);

// From here on the width of characters that are not ASCII is known, as the user's locale has them. Call it once, before
// threads start.
void TakeLocale();

// The first name of the number in a file of the form of passwd(5) or group(5), which begin alike: "name:password:number:".
std::optional<std::string> NameIn(std::string_view file, std::uint32_t number);

}  // namespace exhibit
