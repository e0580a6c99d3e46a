#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/base/secret.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// Local files, synchronously: they are small and local. All errors are kind file (limit when over
/// the cap) and name the path.
namespace clairgate::io {

enum class Links { follow, refuse };

/// The bytes of a regular file of at most `bytes_max`. Devices, FIFOs and directories are refused
/// without blocking (O_NONBLOCK, fstat on the opened descriptor). not_found when it does not exist.
Result<std::string>
read_file(std::filesystem::path const& path, std::size_t bytes_max, Links links = Links::follow);

/// What identifies one version of a file's content.
struct FileStamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size_bytes = 0;
    std::int64_t modified_ns = 0; ///< since the epoch
    friend bool operator==(FileStamp const&, FileStamp const&) = default;
};
struct StampedFile {
    FileStamp stamp;
    std::string bytes;
};
/// As `read_file`, with the stamp of the very descriptor that was read.
Result<StampedFile>
read_stamped(std::filesystem::path const& path, std::size_t bytes_max, Links links = Links::follow);

/// A secret from a file: trailing newline removed, must not be empty; warns nobody, prints nothing.
Result<Secret> read_secret(std::filesystem::path const& path);

/// Writes all or nothing: a temporary file in the same folder (O_EXCL, never through a link),
/// fsync, rename. An existing target must be a regular file (links and devices are refused;
/// "/dev/stdout" is the caller's business). Mode is 0666 & ~umask, or `mode` when given.
Result<void>
write_atomically(std::filesystem::path const& path, std::string_view bytes, unsigned mode = 0666);

/// The same for content that is made piece by piece, of any size: `produce` hands its pieces to the
/// function that it is given.
using Pieces = std::function<void(std::string_view piece)>;
Result<void> write_atomically(std::filesystem::path const& path,
                              std::function<void(Pieces const&)> const& produce,
                              unsigned mode = 0666);

/// Regular files directly in the folder with that extension, sorted by name, at most `count_max`.
Result<std::vector<std::filesystem::path>>
list_files(std::filesystem::path const& folder, std::string_view extension, std::size_t count_max);

/// Creates the folder and its parents with this mode for those it makes.
Result<void> make_folders(std::filesystem::path const& folder, unsigned mode = 0755);

} // namespace clairgate::io
