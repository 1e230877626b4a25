# A Debian package by CPack: `cpack --config BUILD/CPackConfig.cmake`, or tools/packaging/deb, which builds it as it is to be
# given out. With SOURCE_DATE_EPOCH the same source gives the same bytes.
set(EXHIBIT_PACKAGER "Exhibit developers <exhibit@users.noreply.github.com>" CACHE STRING "Maintainer of the package: Name <address>")
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME exhibit)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT ${EXHIBIT_PACKAGER})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_THREADS 1)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "age, zstd, python3")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "systemd")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_LIST_DIR}/debian/postinst)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "encrypted, append-only vault for forensic evidence")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Responders put logs, ransom messages, notices and captures into a vault with
a key that can read nothing back. Each item is encrypted on its own and signed
into a hash-chained log with a Merkle tree, in published formats that age,
zstd and sha256sum open.

exhibit keeps the vault: add, verify, export. exhibit-collect seals evidence on
a machine that has no vault. exhibit-verify checks what was handed over. Both
need no database.")

# Policy wants both in every package: whose it is, and what changed.
set(doc ${CMAKE_INSTALL_DATAROOTDIR}/doc/exhibit)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/debian/copyright DESTINATION ${doc})
find_program(GZIP gzip)
if(GZIP)
  string(TIMESTAMP when "%a, %d %b %Y %H:%M:%S +0000" UTC)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/debian/changelog @ONLY CONTENT "exhibit (@PROJECT_VERSION@) unstable; urgency=medium

  * What changed is in /usr/share/doc/exhibit/CHANGELOG.md.

 -- @EXHIBIT_PACKAGER@  @when@
")
  execute_process(COMMAND ${GZIP} -9nc ${CMAKE_BINARY_DIR}/debian/changelog OUTPUT_FILE ${CMAKE_BINARY_DIR}/debian/changelog.gz)
  install(FILES ${CMAKE_BINARY_DIR}/debian/changelog.gz DESTINATION ${doc})
endif()
include(CPack)
