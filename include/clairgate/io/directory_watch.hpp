#pragma once

#include <clairgate/io/task.hpp>

#include <filesystem>
#include <memory>

namespace clairgate::io {

/// inotify(7) on a folder, as a hint only: whoever waits re-reads the file itself. Network and
/// overlay file systems may deliver nothing, so there is always a poll interval beside it.
class DirectoryWatch {
  public:
    /// Never fails: where the folder cannot be watched (yet), only the interval ticks.
    DirectoryWatch(Executor executor, std::filesystem::path folder);
    DirectoryWatch(DirectoryWatch&&) noexcept;
    ~DirectoryWatch();

    /// Completes when something in the folder changed since the last call, or after `interval`.
    Task<Result<void>> changed(Duration interval);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace clairgate::io
