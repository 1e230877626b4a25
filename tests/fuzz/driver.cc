// Runs a fuzz target where there is no libFuzzer: every seed as it is, then changed seeds for the given
// time. The random numbers have a fixed start, so a failure comes again.
//
//   note_fuzz SECONDS SEED_FOLDER...
//
// Before each run the input is written to ./<target>.input, which is left there if the target fails. Fails if there is
// no seed, or if one input takes ten seconds of processor (it hangs); EXHIBIT_FUZZ_INPUT_SECONDS says another number.
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;
using Input = std::vector<std::uint8_t>;
using Random = std::mt19937_64;

constexpr std::size_t kMaxInputBytes = 1 << 16;
constexpr std::size_t kLeastRuns = 50;

void AddFile(const fs::path& path, std::vector<Input>& seeds) {
  std::ifstream file(path, std::ios::binary);
  Input input{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file && input.size() <= kMaxInputBytes) seeds.push_back(std::move(input));
}

void AddFolder(const fs::path& folder, std::vector<Input>& seeds) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());  // the order of a folder is the disk's
  for (const fs::path& path : paths) AddFile(path, seeds);
}

std::size_t Below(Random& random, std::size_t end) { return end == 0 ? 0 : random() % end; }

auto Place(Input& input, std::size_t at) { return input.begin() + static_cast<std::ptrdiff_t>(at); }

void ChangeOnce(Input& input, const std::vector<Input>& seeds, Random& random) {
  const std::size_t at = Below(random, input.size());
  const std::size_t bytes = Below(random, std::min<std::size_t>(input.size() - at, 64) + 1);
  switch (Below(random, 8)) {
    case 0:
      if (!input.empty()) input[at] ^= static_cast<std::uint8_t>(1U << Below(random, 8));
      break;
    case 1:
      if (!input.empty()) input[at] = static_cast<std::uint8_t>(random());
      break;
    case 2: input.insert(Place(input, at), static_cast<std::uint8_t>(random())); break;
    case 3: input.erase(Place(input, at), Place(input, at + bytes)); break;
    case 4: input.resize(at); break;
    case 5: {  // a piece twice
      const Input piece(Place(input, at), Place(input, at + bytes));
      input.insert(Place(input, Below(random, input.size())), piece.begin(), piece.end());
      break;
    }
    case 6: {  // the end of another
      const Input& other = seeds[Below(random, seeds.size())];
      const std::size_t from = Below(random, other.size());
      input.resize(at);
      input.insert(input.end(), other.begin() + static_cast<std::ptrdiff_t>(from), other.end());
      break;
    }
    default:  // a digit for a digit: numbers that are out of order or range
      if (!input.empty() && input[at] >= '0' && input[at] <= '9') {
        input[at] = static_cast<std::uint8_t>('0' + Below(random, 10));
      }
  }
  if (input.size() > kMaxInputBytes) input.resize(kMaxInputBytes);
}

// One input's time is of the processor's clock: a machine that is busy with something else accuses nobody.
void StartOfInput() {
  static const char* const configured = std::getenv("EXHIBIT_FUZZ_INPUT_SECONDS");
  itimerval limit{};
  limit.it_value.tv_sec = configured == nullptr ? 10 : std::max(1, std::atoi(configured));
  ::setitimer(ITIMER_PROF, &limit, nullptr);
}

void Hangs(int) {
  constexpr char kWords[] = "hangs: this input takes too long; it is kept in the file .input\n";
  if (::write(STDERR_FILENO, kWords, sizeof kWords - 1) > 0) ::_exit(3);
  ::_exit(3);
}

void Run(const Input& input, const std::string& kept) {
  std::ofstream file(kept, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(input.data()), static_cast<std::streamsize>(input.size()));
  file.close();
  StartOfInput();
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 0;
  std::vector<Input> seeds;
  if (argc > 2) AddFolder(argv[2], seeds);
  const std::size_t own = seeds.size();  // the first folder's, which are of the target's own format
  for (int i = 3; i < argc; ++i) AddFolder(argv[i], seeds);
  if (seconds <= 0 || own == 0) {
    std::fprintf(stderr, "usage: %s SECONDS SEED_FOLDER...\n", argv[0]);
    return 2;
  }
  const std::string kept = fs::path(argv[0]).filename().string() + ".input";
  std::signal(SIGPROF, Hangs);
  for (const Input& seed : seeds) Run(seed, kept);
  Random random(20250220);
  std::size_t runs = 0;
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (runs < kLeastRuns || std::chrono::steady_clock::now() < end) {
    Input input = seeds[Below(random, Below(random, 4) == 0 ? seeds.size() : own)];
    for (std::size_t changes = 1 + Below(random, 4); changes > 0; --changes) ChangeOnce(input, seeds, random);
    Run(input, kept);
    ++runs;
  }
  std::printf("%zu seeds, %zu changed inputs\n", seeds.size(), runs);
  fs::remove(kept);
  return 0;
}
