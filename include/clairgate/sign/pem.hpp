#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/base/secret.hpp>

#include <string>
#include <string_view>

/// Textual encodings of keys and certificates (RFC 7468), strictly: one block, its lines, and
/// nothing before or behind it but white space.
namespace clairgate::sign {

/// One block. The bytes may be a private key.
struct PemBlock {
    std::string label; ///< "PRIVATE KEY"
    Secret bytes;
};

/// Reads one block. Kind config; the message never quotes the body.
Result<PemBlock> read_pem(std::string_view text);

/// The label of the block that the text starts with, or "". Says nothing about what follows.
std::string_view pem_label(std::string_view text);

/// The block with lines of 64 characters, as RFC 7468 wants them.
std::string write_pem(std::string_view label, std::string_view bytes);

} // namespace clairgate::sign
