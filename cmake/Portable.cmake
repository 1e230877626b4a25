# The programs that run anywhere (tools/portable): static, and still anywhere in memory. Of libraries archives alone are
# taken.
set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
set(OPENSSL_USE_STATIC_LIBS TRUE)
# glibc refuses to start a static program that names a path of libraries.
set(CMAKE_SKIP_RPATH ON)
set(CMAKE_CXX_LINK_OPTIONS_PIE -static-pie)
# Small: what nobody calls is left out, and addresses that are moved at the start take a bit each.
# gcc's -Os takes empty optionals for uninitialised, as gcc 13 and 14 do.
target_compile_options(exhibit_options INTERFACE -ffunction-sections -fdata-sections -Wno-maybe-uninitialized)
target_link_options(exhibit_options INTERFACE -Wl,--gc-sections -Wl,-z,pack-relative-relocs)
