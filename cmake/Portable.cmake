# The programs that run anywhere (tools/portable): static, and still anywhere in memory. Of libraries archives alone are
# taken.
set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
set(OPENSSL_USE_STATIC_LIBS TRUE)
target_link_options(exhibit_options INTERFACE -static-pie -Wl,--gc-sections)
