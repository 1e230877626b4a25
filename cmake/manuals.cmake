# Manual pages and the completion of shells, which the programs make of their own definitions (PROGRAM --generate WHAT), and
# where a system looks for them.
set(EXHIBIT_BASH_COMPLETIONS ${CMAKE_INSTALL_DATADIR}/bash-completion/completions CACHE STRING "Where bash looks for completions")
set(EXHIBIT_ZSH_COMPLETIONS ${CMAKE_INSTALL_DATADIR}/zsh/site-functions CACHE STRING "Where zsh looks for completions")
set(EXHIBIT_FISH_COMPLETIONS ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d CACHE STRING "Where fish looks for completions")
set(manuals ${CMAKE_BINARY_DIR}/manuals)

# The day that is on the pages: of this version in CHANGELOG.md ("## 0.1.0 (2026-12-01)"). Before it is released, that of the
# source, as in the package: SOURCE_DATE_EPOCH, or the last commit. None where neither is known; never the day of the build.
file(STRINGS ${CMAKE_SOURCE_DIR}/CHANGELOG.md heading LIMIT_COUNT 1
  REGEX "^## ${PROJECT_VERSION} \\([0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]\\)$")
set(day "")
if(heading MATCHES "\\((.+)\\)")
  set(day ${CMAKE_MATCH_1})
else()
  set(given "$ENV{SOURCE_DATE_EPOCH}")
  set(epoch "${given}")
  if(epoch STREQUAL "")
    execute_process(COMMAND git log -1 --format=%ct WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
      OUTPUT_VARIABLE epoch OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
  if(epoch MATCHES "^[0-9]+$")
    set(ENV{SOURCE_DATE_EPOCH} ${epoch})
    string(TIMESTAMP day "%Y-%m-%d" UTC)
    if(given STREQUAL "")
      unset(ENV{SOURCE_DATE_EPOCH})
    endif()
  endif()
endif()
set(made)
foreach(program ${EXHIBIT_PROGRAMS})
  foreach(pair man/${program}.1 bash/${program} zsh/_${program} fish/${program}.fish)
    get_filename_component(what ${pair} DIRECTORY)
    set(of "")
    if(what STREQUAL man)
      set(of ${day})
    endif()
    add_custom_command(OUTPUT ${manuals}/${pair}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${manuals}/${what}
      COMMAND ${program} --generate ${what} ${of} > ${manuals}/${pair}
      DEPENDS ${program} VERBATIM)
    list(APPEND made ${manuals}/${pair})
  endforeach()
  install(FILES ${manuals}/man/${program}.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES ${manuals}/bash/${program} DESTINATION ${EXHIBIT_BASH_COMPLETIONS})
  install(FILES ${manuals}/zsh/_${program} DESTINATION ${EXHIBIT_ZSH_COMPLETIONS})
  install(FILES ${manuals}/fish/${program}.fish DESTINATION ${EXHIBIT_FISH_COMPLETIONS})
endforeach()
add_custom_target(manuals ALL DEPENDS ${made})
