#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/base/time.hpp>
#include <clairgate/finding/severity.hpp>

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::policy {

/// What a policy file may say of a severity. Stricter is greater, for one fixed finding.
enum class Action { allow, warn, block_if_fixed, block };
/// What a decision does to its finding, and a verdict to its image.
enum class Effect { allow, warn, block };

std::string_view to_string(Action action); ///< "block-if-fixed"
std::string_view to_string(Effect effect);
std::optional<Action> parse_action(std::string_view word);

/// Levels, nearest last. Only `built_in` and `global` have files so far.
enum class Level { built_in, global };
std::string_view to_string(Level level); ///< "built-in"

/// Where an opinion stands. `file` is relative to the policy folder, "" for the built-in policy.
struct Origin {
    Level level = Level::built_in;
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string rule; ///< "severity.high", "scan.uncovered"
    friend bool operator==(Origin const&, Origin const&) = default;
};

template <class T>
struct Setting {
    T value;
    Origin origin;
};

/// `[scan]`: what happens when knowledge is missing.
struct ScanSettings {
    Setting<Action> on_error; ///< block, warn or allow: what "could not decide" becomes
    Setting<Action> uncovered;
    Setting<Action> partly_covered;
    std::optional<Setting<Duration>> max_data_age; ///< unset: age is not judged
};

/// A policy file as given: path relative to the policy folder, and its bytes.
struct SourceFile {
    std::string path;
    std::string bytes;
};

struct FileRecord {
    std::string path;
    std::string digest; ///< sha256:… of the bytes that were read
};

/// The effective policy. Complete: every severity has an action.
struct Policy {
    std::map<finding::Severity, Setting<Action>> severity;
    ScanSettings scan;
    std::vector<FileRecord> files;   ///< sorted by path; empty: the built-in policy
    std::string source = "built-in"; ///< "built-in" or "folder"
    bool is_trusted = false;         ///< stays false until policy sources exist
};

/// critical: block, high: block-if-fixed, the rest: warn; uncovered: block; partly_covered: warn;
/// on_error: block.
Policy built_in();

/// Parses and merges policy files over the built-in defaults. All mistakes of all files are
/// reported at once (`Error::also`), each with file, line, column and a suggestion; kind policy.
Result<Policy> load(std::vector<SourceFile> const& files);

} // namespace clairgate::policy
