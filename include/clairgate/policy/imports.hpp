#pragma once

#include <clairgate/finding/severity.hpp>
#include <clairgate/policy/action.hpp>
#include <clairgate/policy/import.hpp>
#include <clairgate/policy/purl.hpp>

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The formats that `import_policy` reads, one file each; the table is in import.cpp.
namespace clairgate::policy::imports {

using Day = std::chrono::sys_days;

/// An `[[allow]]` to be: what the source leaves open is empty, and comes from the options.
struct DraftWaiver {
    std::vector<std::string> ids;
    std::vector<std::string> purls;  ///< globs of which one must match; none: every package
    std::vector<std::string> images; ///< globs of which one must match; none: every image
    std::string owner;
    std::string reason;
    std::string comment;         ///< of the source, about this entry
    std::optional<Day> last_day; ///< on which it holds
};

/// A `[[rule]]` to be, about one id.
struct DraftRule {
    std::string id;
    Action action = Action::block;
    std::string reason;
};

struct DraftFile {
    std::string path; ///< as ImportedFile's
    std::vector<std::string> notes;
    bool is_devtron = false; ///< says precedence = "devtron"
    std::map<finding::Severity, Action> severity;
    std::vector<DraftWaiver> waivers;
    std::vector<DraftRule> rules;
};

/// What a reader makes of a file.
struct Draft {
    std::vector<DraftFile> files;
    std::vector<NotImported> left;

    /// Notes an entry that is not imported; both texts are made printable.
    void leave(std::string_view entry, std::string_view why);
    /// The one file of formats that know no levels.
    DraftFile& only_file();
};

/// Kind protocol: the document is not of the format. What is wrong with one entry alone goes to
/// `Draft::left`.
using ReadDocument = Result<Draft> (*)(nlohmann::json const& document);

Result<Draft> read_trivyignore(std::string_view text);
Result<Draft> read_trivyignore_yaml(nlohmann::json const& document);
Result<Draft> read_grype(nlohmann::json const& document);
Result<Draft> read_gitlab_allowlist(nlohmann::json const& document);
Result<Draft> read_clair_scanner(nlohmann::json const& document);
Result<Draft> read_klar(nlohmann::json const& document);
Result<Draft> read_harbor(nlohmann::json const& document);
Result<Draft> read_openvex(nlohmann::json const& document);
Result<Draft> read_devtron(nlohmann::json const& document);

/// Whether the text is a list of ids, one a line, with comments.
bool is_trivyignore(std::string_view text);

/// Whether the text is an id of a vulnerability in a scheme that scanners use (CVE, GHSA, RHSA, …),
/// spelled as that scheme does.
bool is_vulnerability_id(std::string_view text);
/// Why a text that is none was not imported.
inline constexpr std::string_view not_an_id =
    "it is no id of a vulnerability (such as CVE-2024-0001, GHSA-…, RHSA-2024:0001)";

/// A calendar day "YYYY-MM-DD", or nothing.
std::optional<Day> parse_day(std::string_view text);
std::string to_string(Day day);
/// The last whole day, UTC, before an exception that ends at `end`.
Day last_day_before(SystemTime end);

/// The member as it is; "" when it is absent or no string.
std::string text_of(nlohmann::json const& object, std::string_view key);

/// A list of ids with comments, by image: GitLab's allow-list and clair-scanner's whitelist.
struct AllowMap {
    std::string_view general; ///< key of what holds for all images
    /// The globs of an image's key, or kind policy: why there is none.
    Result<std::vector<std::string>> (*image_globs)(std::string_view name);
};
Result<Draft> read_allow_map(nlohmann::json const& document, AllowMap const& format);

/// The globs that match the purls of findings that `purl` covers: any version where it names none,
/// any qualifiers beside its own. Kind policy: why there are none.
Result<std::vector<std::string>> globs_of(Purl const& purl);
/// The same for a package by its name, whatever the distribution or group; "" is any name, any
/// version.
Result<std::vector<std::string>>
globs_of(std::string_view type, std::string_view name, std::string_view version);

/// Takes out what has expired or is said twice, and fills in owner, reason and expiry from the
/// options. Kind usage: a bad option, or something that nobody says; the message names the flags.
Result<void> complete(Draft& draft, ImportOptions const& options);

/// The file as TOML. `origin` says where it is from. Every text of the source becomes an escaped
/// string or a comment of one line.
std::string to_toml(DraftFile const& file, std::string_view origin);

} // namespace clairgate::policy::imports
