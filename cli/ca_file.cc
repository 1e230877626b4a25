#include "cli/ca_file.h"

namespace exhibit::cli {

void AddCaFileTo(CLI::App& command, std::string& ca_file) {
  command
      .add_option("--ca-file", ca_file,
                  "for https: the authorities that may vouch for the host, as PEM, in place of the system's (else "
                  "CURL_CA_BUNDLE, SSL_CERT_FILE and SSL_CERT_DIR)")
      ->type_name("FILE");
}

}  // namespace exhibit::cli
