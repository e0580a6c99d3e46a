#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/files.hpp>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

namespace clairgate::io {

namespace fs = std::filesystem;

namespace {

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;
    ~Descriptor() {
        if (number_ >= 0)
            ::close(number_);
    }
    int number() const { return number_; }

  private:
    int number_;
};

std::string reason_of(int number) {
    return std::error_code(number, std::generic_category()).message();
}

Error file_error(std::string_view doing, fs::path const& path, int number) {
    return {ErrorKind::file, cat("cannot ", doing, " ", path.native(), ": ", reason_of(number))};
}

// Of something that is to be read: that it is not there is an answer of its own.
Error reading_error(std::string_view doing, fs::path const& path, int number) {
    bool const is_missing = number == ENOENT || number == ENOTDIR;
    auto const kind = is_missing ? ErrorKind::not_found : ErrorKind::file;
    return {kind, cat("cannot ", doing, " ", path.native(), ": ", reason_of(number))};
}

bool holds_nul(fs::path const& path) {
    return path.native().find('\0') != std::string::npos;
}

std::int64_t modified_ns(struct stat const& status) {
    return static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 +
           static_cast<std::int64_t>(status.st_mtim.tv_nsec);
}

Result<std::string> read_all(int descriptor, fs::path const& path, std::size_t bytes_max) {
    std::string bytes;
    std::size_t filled = 0;
    for (;;) { // what fstat says about the size is a hint: files of /proc say 0
        bytes.resize(filled + std::min<std::size_t>(64 * limits::kib, bytes_max + 1 - filled));
        auto const count = ::read(descriptor, bytes.data() + filled, bytes.size() - filled);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return file_error("read", path, errno);
        if (count == 0)
            break;
        filled += static_cast<std::size_t>(count);
        if (filled > bytes_max)
            return Error(ErrorKind::limit,
                         cat(path.native(), " holds more than ", bytes_max, " bytes"));
    }
    bytes.resize(filled);
    return bytes;
}

Result<void> write_all(int descriptor, fs::path const& path, std::string_view bytes) {
    while (!bytes.empty()) {
        auto const count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return file_error("write", path, errno);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return ok();
}

// A target that exists must be a regular file; rename would replace a link or device, silently.
Result<void> check_target(fs::path const& path) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0)
        return errno == ENOENT ? ok() : Result<void>(file_error("write", path, errno));
    if (!S_ISREG(status.st_mode))
        return Error(ErrorKind::file,
                     cat("cannot write ", path.native(), ": it exists and is not a regular file"));
    return ok();
}

// Removes the temporary file unless it became the target.
struct Temporary {
    std::string path;
    explicit Temporary(std::string at) : path(std::move(at)) {}
    Temporary(Temporary const&) = delete;
    Temporary& operator=(Temporary const&) = delete;
    ~Temporary() {
        if (!path.empty())
            ::unlink(path.c_str());
    }
};

// A name of our own beside the target. O_EXCL refuses to go through a link somebody planted; the
// process id and a counter keep us apart from ourselves.
int create_beside(fs::path const& path, unsigned mode, std::string& name) {
    auto const folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    for (int attempt = 0; attempt < 100; ++attempt) {
        name = (folder / cat(".clairgate-", ::getpid(), "-", attempt, ".tmp")).native();
        int const descriptor =
            ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        if (descriptor >= 0 || errno != EEXIST)
            return descriptor;
    }
    return -1;
}

// The rename itself is durable only when the folder is.
void sync_folder(fs::path const& path) {
    auto const folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    Descriptor const descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (descriptor.number() >= 0)
        ::fsync(descriptor.number()); // some file systems refuse; the content is safe already
}

} // namespace

Result<StampedFile> read_stamped(fs::path const& path, std::size_t bytes_max, Links links) {
    if (holds_nul(path))
        return Error(ErrorKind::file, "a file name may not hold a NUL byte");
    int const flags =
        O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | (links == Links::refuse ? O_NOFOLLOW : 0);
    Descriptor const file(::open(path.c_str(), flags));
    if (file.number() < 0 && errno == ELOOP && links == Links::refuse)
        return Error(ErrorKind::file, cat(path.native(), " is a symbolic link"));
    if (file.number() < 0)
        return reading_error("open", path, errno);
    struct stat status{};
    if (::fstat(file.number(), &status) != 0)
        return file_error("examine", path, errno);
    if (!S_ISREG(status.st_mode))
        return Error(ErrorKind::file, cat(path.native(), " is not a regular file"));
    StampedFile read;
    read.bytes = TRY(read_all(file.number(), path, bytes_max));
    read.stamp.device = status.st_dev;
    read.stamp.inode = status.st_ino;
    read.stamp.size_bytes = static_cast<std::uint64_t>(status.st_size);
    read.stamp.modified_ns = modified_ns(status);
    return read;
}

Result<std::string> read_file(fs::path const& path, std::size_t bytes_max, Links links) {
    auto read = TRY(read_stamped(path, bytes_max, links));
    return std::move(read.bytes);
}

Result<Secret> read_secret(fs::path const& path) {
    auto text = TRY(read_file(path, limits::secret_file_bytes));
    auto size = text.size();
    if (text.ends_with('\n'))
        size -= text.ends_with("\r\n") ? 2U : 1U;
    Secret secret(text.substr(0, size));
    ::explicit_bzero(text.data(), text.size());
    if (secret.empty())
        return Error(ErrorKind::file, cat(path.native(), " holds no secret: it is empty"));
    return secret;
}

Result<void> write_atomically(fs::path const& path, std::string_view bytes, unsigned mode) {
    std::function<void(Pieces const&)> const whole = [bytes](Pieces const& take) { take(bytes); };
    return write_atomically(path, whole, mode);
}

Result<void> write_atomically(fs::path const& path,
                              std::function<void(Pieces const&)> const& produce,
                              unsigned mode) {
    if (holds_nul(path) || !path.has_filename())
        return Error(ErrorKind::file, cat("\"", path.native(), "\" is no name of a file"));
    TRY_VOID(check_target(path));
    std::string name;
    Descriptor const file(create_beside(path, mode, name));
    if (file.number() < 0)
        return file_error("create a file beside", path, errno);
    Temporary temporary(name);
    Result<void> written = ok();
    produce([&](std::string_view piece) {
        if (written.has_value())
            written = write_all(file.number(), path, piece);
    });
    TRY_VOID(std::move(written));
    if (::fsync(file.number()) != 0)
        return file_error("write", path, errno);
    if (::rename(temporary.path.c_str(), path.c_str()) != 0)
        return file_error("write", path, errno);
    temporary.path.clear();
    sync_folder(path);
    return ok();
}

Result<std::vector<fs::path>>
list_files(fs::path const& folder, std::string_view extension, std::size_t count_max) {
    std::error_code failed;
    fs::directory_iterator entry(folder, failed);
    if (failed)
        return reading_error("list", folder, failed.value());
    std::vector<fs::path> files;
    for (; entry != fs::directory_iterator(); entry.increment(failed)) {
        std::error_code unreadable; // vanished meanwhile: not a regular file
        if (entry->path().extension() != extension || !entry->is_regular_file(unreadable))
            continue;
        if (files.size() == count_max)
            return Error(
                ErrorKind::limit,
                cat(folder.native(), " holds more than ", count_max, " files *", extension));
        files.push_back(entry->path());
    }
    if (failed)
        return file_error("list", folder, failed.value());
    std::sort(files.begin(), files.end());
    return files;
}

Result<void> make_folders(fs::path const& folder, unsigned mode) {
    if (folder.empty() || holds_nul(folder))
        return Error(ErrorKind::file, "a folder needs a name");
    fs::path made;
    for (auto const& part : folder) {
        made /= part;
        if (::mkdir(made.c_str(), mode) == 0)
            continue;
        int const number = errno;
        std::error_code unreadable;
        if (!fs::is_directory(made, unreadable))
            return file_error("create the folder", made, number);
    }
    return ok();
}

} // namespace clairgate::io
