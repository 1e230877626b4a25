# The programs that run anywhere (tools/portable): static, and still anywhere in memory. Of libraries archives alone are
# taken.
set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
set(OPENSSL_USE_STATIC_LIBS TRUE)
# glibc refuses to start a static program that names a path of libraries.
set(CMAKE_SKIP_RPATH ON)
set(CMAKE_CXX_LINK_OPTIONS_PIE -static-pie)
target_link_options(exhibit_options INTERFACE -Wl,--gc-sections)
