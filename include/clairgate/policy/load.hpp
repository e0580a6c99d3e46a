#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/policy/policy.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace clairgate::policy {

/// A policy file as given: path relative to the policy folder, and its bytes.
struct SourceFile {
    std::string path;
    std::string bytes;
    std::string source = "folder"; ///< where the bytes are from, for the report
};

/// What a path below the policy folder is.
struct FileRole {
    Level level = Level::global;
    std::string name;        ///< of the cluster, environment or application; "" for global
    std::string environment; ///< of application/<name>@<environment>.toml
    bool is_test = false;    ///< tests/<name>.toml: read by `policy test` alone
};

/// The role of a path (design section 8: names match [a-z0-9][a-z0-9._-]*); kind policy with the
/// remedy for any other path.
Result<FileRole> role_of(std::string_view path);

/// Whether the text may name a cluster, environment or application.
bool is_level_name(std::string_view name);

/// All mistakes as one error (`Error::also`), in the order of their files and lines; a flood is
/// cut.
Error all_mistakes(std::vector<Error> mistakes);

/// Parses one file. All mistakes at once (`Error::also`), each with file, line, column and a
/// suggestion; kind policy.
Result<Layer> parse_layer(SourceFile const& file);
/// The same with the mistakes added one by one, uncut; nothing where there are any.
std::optional<Layer> parse_layer(SourceFile const& file, std::vector<Error>& mistakes);

/// The policy of a context: picks the files of its levels, parses and resolves them. Kind policy:
/// mistakes of a file; an environment or cluster without a file; a cluster other than the
/// environment's. An application without a file inherits everything (a note says so). Files of
/// other contexts are only checked for their names.
Result<Policy> load(std::vector<SourceFile> const& files, Context const& context = {});

/// Mistakes of all files of the folder, whatever their context; empty: none.
std::vector<Error> mistakes_of_tree(std::vector<SourceFile> const& files);

} // namespace clairgate::policy
