#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/policy/layer.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace clairgate::policy {

/// `[scan]` in effect: what happens when knowledge is missing.
struct ScanSettings {
    std::map<std::string, Setting<Action>, std::less<>>
        on_error; ///< "registry", "clair", "stale": block, warn or allow
    Setting<Action> uncovered;
    Setting<Action> partly_covered;
    std::optional<Setting<Duration>> max_data_age; ///< unset: age is not judged
    Setting<Duration> max_report_age;
    Setting<bool> require_signature;
    Setting<bool> enforce; ///< false: a block is told everywhere, but ends with 0 or 10
};

/// `[exceptions]` in effect.
struct ExceptionSettings {
    std::optional<Setting<std::uint32_t>> max_days; ///< unset: any
    /// The same for the exceptions of each level: what it and outer ones say, else `max_days`, or
    /// `max_days` where that is less: nobody revives another level's exception.
    std::map<Level, Setting<std::uint32_t>> max_days_of;
    Setting<bool> from_change;
    std::optional<Setting<std::vector<std::string>>> vex_authors; ///< unset: none is trusted
};

/// Something a reader of the files should know though it stops nothing: a key without effect, an
/// application without a file.
struct Note {
    Origin origin;
    std::string text;
};

struct FileRecord {
    std::string path;
    std::string digest; ///< sha256:… of the bytes that were read
    std::string source; ///< where these bytes are from: "folder", "git:COMMIT", "oci:REF@DIGEST"
};

/// A policy resolved for one context. Complete: every severity has an action.
struct Policy {
    std::vector<Layer> layers; ///< outermost first; the first one is the built-in policy
    std::map<finding::Severity, Setting<Action>> severity; ///< in effect, locks included
    ScanSettings scan;
    ExceptionSettings exceptions;
    std::map<finding::Severity, Setting<std::uint64_t>> budget; ///< the smallest of all layers
    std::vector<Requirement> requirements;                      ///< of all layers, outermost first
    bool is_devtron = false; ///< a vulnerability's own entry beats severity at any level
    Context context;
    std::vector<Note> notes;
    std::vector<Waiver> pending;   ///< exceptions that a change request proposes; they do not count
    std::vector<FileRecord> files; ///< sorted by path; empty: the built-in policy
    std::string source = "built-in"; ///< "built-in", "folder", "git:COMMIT", "oci:REF@DIGEST"
    bool is_trusted = false;
};

/// critical: block, high: block-if-fixed, the rest: warn; uncovered: block; partly_covered: warn;
/// on_error: block.
Layer built_in_layer();
Policy built_in();

/// Layers of both, ordered by level; where both have a level, the second one's counts. Associative
/// and idempotent.
std::vector<Layer> merge(std::vector<Layer> outer, std::vector<Layer> nearer);

/// What the layers say together (design section 8): severity by the nearest, under the locks;
/// `[scan]` and `[budget]` by the strictest, but that the global file replaces the built-in values.
Policy resolve(std::vector<Layer> layers, Context context);

} // namespace clairgate::policy
