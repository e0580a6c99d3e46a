#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <support/temp_dir.hpp>

namespace clairgate::test {

/// A policy folder of its own.
class PolicyTree {
  public:
    PolicyTree() = default;
    /// Writes "schema = 1" and the text.
    PolicyTree& put(std::string_view path, std::string_view text) {
        auto const file = folder_.path() / path;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file) << "schema = 1\n" << text;
        return *this;
    }
    std::filesystem::path path() const { return folder_.path(); }
    std::string text() const { return folder_.path().string(); }

  private:
    TempDir folder_;
};

} // namespace clairgate::test
