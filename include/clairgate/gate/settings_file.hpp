#pragma once

#include <clairgate/base/result.hpp>

#include <string>
#include <vector>

namespace clairgate::gate {

/// One key of a configuration file.
struct FileEntry {
    std::string name;               ///< a setting of the table
    std::vector<std::string> texts; ///< one, or several for a list
    std::string origin;             ///< "FILE:3:1"
};

/// Reads a TOML file of `name = value` lines: strings, booleans, and arrays of strings for lists.
/// Unknown keys and wrong types are reported all at once with line, column and a suggestion; kind
/// config.
Result<std::vector<FileEntry>> read_settings_file(std::string const& path);

} // namespace clairgate::gate
