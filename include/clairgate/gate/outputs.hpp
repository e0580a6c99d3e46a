#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/gate/console.hpp>
#include <clairgate/report/formats.hpp>

#include <optional>
#include <string>
#include <vector>

namespace clairgate::gate {

/// One `-o FORMAT[=FILE]`; without a file it goes to standard output.
struct OutputTarget {
    report::Format const* format;
    std::optional<std::string> file; ///< `{digest}` stands for "sha256-<hex>"
};

/// All `-o` of an invocation and how they are to look.
struct OutputChoice {
    std::vector<OutputTarget> targets; ///< never empty
    bool has_colour = false;           ///< on standard output
    std::string source_file;           ///< `--source-file`; "" when none is given
};

/// A report as text, ready to be written.
struct Rendered {
    std::string_view format;
    std::optional<std::string> file; ///< nothing: standard output
    std::string text;
};

/// Every target's text. Reads nothing but its arguments: any thread may call it.
std::vector<Rendered>
render_outputs(report::Record const& record, OutputChoice const& choice, Streams const& streams);

/// Writes files, each whole or not at all; standard output comes last. The first failure is
/// returned, after the other files were tried.
Result<void> write_rendered(std::vector<Rendered> const& outputs, Streams const& streams);

/// Both at once, the targets on all cores and files piece by piece: a report of any size needs
/// little memory.
Result<void>
write_outputs(report::Record const& record, OutputChoice const& choice, Streams const& streams);

/// `{digest}` replaced in a file name by the digest with '-' for ':', and `{environment}` by its
/// name ("none" where none was given) with "_" for what is no letter, digit, '-', '_' or '.'.
std::string file_name_for(std::string_view pattern,
                          image::Digest const& digest,
                          std::string_view environment = {});

} // namespace clairgate::gate
