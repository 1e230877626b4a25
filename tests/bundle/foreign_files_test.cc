// Goal: what a file manager or a file system leaves is told from what somebody put there.
#include "vault/bundle/foreign_files.h"

#include "tests/support/catch.h"

namespace exhibit::testing {
namespace {

using bundle::IsForeignFile;
using bundle::IsForeignFolder;

}  // namespace

TEST_CASE("what an operating system leaves is foreign wherever it lies", "[bag]") {
  for (const char* const path : {".DS_Store",
                                 ".ds_store",
                                 "data/.DS_Store",
                                 "data/Thumbs.db",
                                 "data/THUMBS.DB",
                                 "desktop.ini",
                                 "Desktop.ini",
                                 "ehthumbs.db",
                                 "._report.html",
                                 "data/._1.age",
                                 ".directory",
                                 "log/.nfs000000000012",
                                 "log/.fuse_hidden0001",
                                 "Icon\r",
                                 "lost+found/7",
                                 "System Volume Information/IndexerVolumeGuid",
                                 "system volume information/x",
                                 ".Trash-1000/info/a",
                                 ".Trashes/501/x",
                                 "$RECYCLE.BIN/S-1-5/desktop.ini",
                                 "$Recycle.Bin/x",
                                 ".fseventsd/no_log",
                                 ".Spotlight-V100/Store/x",
                                 "__MACOSX/b/data/anything",
                                 ".LSoverride",
                                 "data/thumbs.db:Encryptable",
                                 ".hidden",
                                 "log/.~lock.entries#",
                                 "data/~$report.docx",
                                 "report.html~",
                                 ".bagit.txt.swp",
                                 "FOUND.000/FILE0000.CHK",
                                 "Network Trash Folder/x",
                                 "temporary items/x"}) {
    CAPTURE(path);
    CHECK(IsForeignFile(path));
  }
  for (const char* const path :
       {"lost+found", "data/lost+found", ".Trash-1000", "__MACOSX/b", "$RECYCLE.BIN", ".Spotlight-V100/Store"}) {
    CAPTURE(path);
    CHECK(IsForeignFolder(path));
  }
}

TEST_CASE("what only looks like it is not foreign", "[bag]") {
  for (const char* const path : {"",
                                 "x",
                                 "data/1.age",
                                 "data/5-.DS_Store",
                                 "DS_Store",
                                 ".DS_Store2",
                                 ".DS_Store/x",
                                 "data/Thumbs.db/1.age",
                                 "Thumbs.db.exe",
                                 "xThumbs.db",
                                 "._",
                                 "data/._",
                                 ".nfs",
                                 ".NFS01",
                                 ".Directory",
                                 "lost+found",
                                 "LOST+FOUND/x",
                                 ".Trash-/x",
                                 "xlost+found/y",
                                 "lost+found2/y",
                                 "desktop.ini ",
                                 "evidence/desktop.ini.txt",
                                 ".Hidden",
                                 ".~lock.#",
                                 "~$",
                                 "~",
                                 ".swp",
                                 "..swp",
                                 "x.swp",
                                 "found.00/x",
                                 "found.0000/x",
                                 "found.00a/x"}) {
    CAPTURE(path);
    CHECK_FALSE(IsForeignFile(path));
  }
  for (const char* const path : {"", "data", "log", ".DS_Store", "Thumbs.db", "Lost+Found", ".trash-1000", "MACOSX"}) {
    CAPTURE(path);
    CHECK_FALSE(IsForeignFolder(path));
  }
}

}  // namespace exhibit::testing
