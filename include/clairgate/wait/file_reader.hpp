#pragma once

#include <clairgate/io/files.hpp>
#include <clairgate/wait/sighting.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::wait {

/// PATH of --digest-file: a file, or `*` and `?` in its last component.
struct FilePattern {
    std::string text; ///< as given
    std::filesystem::path folder;
    std::string name;
    bool is_glob = false;
    /// Kind usage: empty, a folder, a pattern in the folder's name.
    static Result<FilePattern> parse(std::string_view text);
};

struct ReadFile {
    std::filesystem::path path;
    std::string bytes;
};

/// Reads the files of one pattern as far as they can be believed: regular, at most
/// `limits::metadata_file_bytes`, no link that leads out of its folder, not older than this run
/// (unless it accepts existing ones). What is not believed is said in `notes`, never an error: the
/// build may still mend it.
class FileReader {
  public:
    FileReader(Surroundings const& surroundings, FilePattern pattern);

    /// Files whose content two reads 100 ms apart agree on: most builders write in place.
    io::Task<Result<std::vector<ReadFile>>> settled();
    /// One read of each, at once.
    std::vector<ReadFile> glance();

    FilePattern const& pattern() const { return pattern_; }
    /// Of the last call: "PATH: why not", a few at most.
    std::vector<std::string> const& notes() const { return notes_; }

  private:
    struct Stamped {
        std::filesystem::path path;
        io::StampedFile file;
    };
    std::vector<Stamped> read_all();
    std::vector<std::filesystem::path> paths();
    Result<io::StampedFile> read_one(std::filesystem::path const& path) const;
    void note(std::filesystem::path const& path, std::string_view why);

    Surroundings const& surroundings_;
    FilePattern pattern_;
    std::vector<std::string> notes_;
    std::map<std::filesystem::path, io::FileStamp> known_; // content that settled already
};

} // namespace clairgate::wait
