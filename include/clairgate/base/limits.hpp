#pragma once

#include <cstddef>

/// Every bound on what is read from outside, in one place. Bytes and counts; nothing is unbounded.
namespace clairgate::limits {

inline constexpr std::size_t kib = 1024;
inline constexpr std::size_t mib = 1024 * kib;

inline constexpr std::size_t manifest_bytes =
    4 * mib; ///< OCI distribution: registries must take 4 MiB
inline constexpr std::size_t image_config_bytes = 4 * mib; ///< config blob of one image
inline constexpr std::size_t token_bytes = 64 * kib;       ///< answer of a token service
inline constexpr std::size_t error_body_bytes = 64 * kib;  ///< body of any answer that is an error
inline constexpr std::size_t response_header_bytes = 256 * kib;
inline constexpr std::size_t index_report_bytes = 256 * mib;
inline constexpr std::size_t vulnerability_report_bytes = 256 * mib;
inline constexpr std::size_t update_operations_bytes = 8 * mib;
inline constexpr std::size_t credentials_file_bytes = 1 * mib;
inline constexpr std::size_t credential_helper_bytes = 64 * kib;
inline constexpr std::size_t digest_file_bytes = 64 * kib;
inline constexpr std::size_t metadata_file_bytes = 1 * mib;
inline constexpr std::size_t policy_file_bytes = 1 * mib;
inline constexpr std::size_t config_file_bytes = 1 * mib;
inline constexpr std::size_t secret_file_bytes = 64 * kib;
inline constexpr std::size_t stored_report_bytes = 256 * mib;
inline constexpr std::size_t platforms = 64; ///< children of one image index
inline constexpr std::size_t layers = 1024;  ///< layers of one manifest
inline constexpr std::size_t json_depth = 64;
inline constexpr std::size_t redirects = 5;

} // namespace clairgate::limits
