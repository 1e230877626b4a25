# What makes a fault in release builds harder to use: a stack that runs into the heap, a jump to where no function begins, a
# write past a buffer whose size the compiler or glibc knows. Each where the compiler and the processor have it.
include(CheckCXXCompilerFlag)
include(CheckCXXSourceCompiles)

foreach(flag -fstack-clash-protection -fcf-protection)
  string(MAKE_C_IDENTIFIER "EXHIBIT_HAS${flag}" has)
  check_cxx_compiler_flag(${flag} ${has})
  if(${has})
    target_compile_options(exhibit_options INTERFACE $<$<CONFIG:Release>:${flag}>)
  endif()
endforeach()

# Level 3 knows sizes that are computed, level 2 constant ones only. glibc warns where a compiler lacks the third.
set(CMAKE_REQUIRED_FLAGS "-O2 -Werror -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3")
check_cxx_source_compiles("#include <cstring>\nint main() { return static_cast<int>(std::strlen(\"\")); }" EXHIBIT_HAS_FORTIFY_3)
unset(CMAKE_REQUIRED_FLAGS)
set(level 2)
if(EXHIBIT_HAS_FORTIFY_3)
  set(level 3)
endif()
target_compile_options(exhibit_options INTERFACE
  "$<$<CONFIG:Release>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=${level}>")
