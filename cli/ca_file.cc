#include "cli/ca_file.h"

namespace exhibit::cli {

void AddCaFileTo(const Command& command, std::string& ca_file) {
  command
      .AddOption("--ca-file", ca_file,
                 "for https: the authorities that may vouch for the host, as PEM, in place of the system's (else "
                 "CURL_CA_BUNDLE, SSL_CERT_FILE and SSL_CERT_DIR)")
      .TypeName("FILE")
      .Setting("ca-file");
}

}  // namespace exhibit::cli
