# What a package has beside the programs (cli/CMakeLists.txt installs those): documents, the verifier that needs no compiler,
# systemd's units and the user that they run as. `cmake --install BUILD --prefix /usr` puts all of it in place.
set(doc ${CMAKE_INSTALL_DATAROOTDIR}/doc/exhibit)
file(GLOB documents CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/docs/*.md ${CMAKE_SOURCE_DIR}/docs/*.png)
install(FILES ${CMAKE_SOURCE_DIR}/README.md ${CMAKE_SOURCE_DIR}/SECURITY.md ${CMAKE_SOURCE_DIR}/CHANGELOG.md DESTINATION ${doc})
install(FILES ${documents} DESTINATION ${doc}/docs)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/docs/decisions DESTINATION ${doc}/docs)
install(PROGRAMS ${CMAKE_SOURCE_DIR}/tools/verify_bundle.py DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/exhibit)

# Always below the prefix's lib: that is where systemd looks, whatever a distribution calls its folder of libraries.
set(systemd_folder lib/systemd/system)
set(EXHIBIT_BIN ${CMAKE_INSTALL_FULL_BINDIR})
file(GLOB units CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_LIST_DIR}/systemd ${CMAKE_CURRENT_LIST_DIR}/systemd/*.service.in
  ${CMAKE_CURRENT_LIST_DIR}/systemd/*.timer)
foreach(unit ${units})
  string(REGEX REPLACE "\\.in$" "" name ${unit})
  configure_file(${CMAKE_CURRENT_LIST_DIR}/systemd/${unit} ${CMAKE_BINARY_DIR}/systemd/${name} @ONLY)
  install(FILES ${CMAKE_BINARY_DIR}/systemd/${name} DESTINATION ${systemd_folder})
endforeach()
install(FILES ${CMAKE_CURRENT_LIST_DIR}/systemd/exhibit.sysusers RENAME exhibit.conf DESTINATION lib/sysusers.d)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/systemd/vault.env ${CMAKE_CURRENT_LIST_DIR}/systemd/collector.env
  ${CMAKE_CURRENT_LIST_DIR}/systemd/alert DESTINATION ${doc}/examples)

include(${CMAKE_CURRENT_LIST_DIR}/debian.cmake)
