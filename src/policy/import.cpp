#include <clairgate/base/json.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/base/yaml.hpp>
#include <clairgate/policy/import.hpp>
#include <clairgate/policy/imports.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace clairgate::policy {

namespace {

using imports::Draft;
using imports::DraftFile;

bool has(nlohmann::json const& document, std::string_view key) {
    return json::find(document, key) != nullptr;
}

// Whether `images` holds maps (of comments) or lists, when it is all that a file has.
bool has_images_of(nlohmann::json const& document, bool (*is)(nlohmann::json const&)) {
    auto const* const images = json::find(document, "images");
    return images != nullptr && document.size() == 1 && images->is_object() && !images->empty() &&
           std::all_of(images->begin(), images->end(), is);
}

bool is_map(nlohmann::json const& value) {
    return value.is_object();
}

bool is_list(nlohmann::json const& value) {
    return value.is_array();
}

bool is_trivyignore_yaml(nlohmann::json const& document) {
    return has(document, "vulnerabilities") || has(document, "misconfigurations");
}
bool is_grype(nlohmann::json const& document) {
    return has(document, "ignore");
}
bool is_gitlab(nlohmann::json const& document) {
    return has(document, "generalallowlist") || has_images_of(document, is_map);
}
bool is_clair_scanner(nlohmann::json const& document) {
    return has(document, "generalwhitelist") || has_images_of(document, is_map);
}
bool is_klar(nlohmann::json const& document) {
    return has(document, "general") || has_images_of(document, is_list);
}
bool is_harbor(nlohmann::json const& document) {
    auto const* const items = json::find(document, "items");
    return has(document, "cve_allowlist") || (items != nullptr && items->is_array() &&
                                              !items->empty() && has(items->front(), "cve_id"));
}
bool is_openvex(nlohmann::json const& document) {
    return imports::text_of(document, "@context").starts_with("https://openvex.dev/");
}
bool is_devtron(nlohmann::json const& document) {
    auto const& answer = document.is_array() && !document.empty() ? document.front() : document;
    auto const* const result = json::find(answer, "result");
    auto const& body = result == nullptr ? answer : *result;
    return has(body, "level") && has(body, "policies");
}

// How a format is written, found and read: one line a format.
struct Format {
    ImportFormat name;
    std::vector<std::string_view> file_names; ///< ends of them
    bool is_json;
    bool (*looks_like)(nlohmann::json const&);
    imports::ReadDocument read; ///< none: trivy's list of lines
};

std::vector<Format> const& formats() {
    static std::vector<Format> const table{
        {{"trivyignore", "trivy's .trivyignore"}, {".trivyignore"}, false, nullptr, nullptr},
        {{"trivyignore-yaml", "trivy's .trivyignore.yaml"},
         {".trivyignore.yaml", ".trivyignore.yml"},
         false,
         is_trivyignore_yaml,
         imports::read_trivyignore_yaml},
        {{"grype", "the ignore rules of .grype.yaml"},
         {"grype.yaml", "grype.yml"},
         false,
         is_grype,
         imports::read_grype},
        {{"gitlab", "GitLab's vulnerability-allowlist.yml"},
         {"vulnerability-allowlist.yml", "vulnerability-allowlist.yaml"},
         false,
         is_gitlab,
         imports::read_gitlab_allowlist},
        {{"clair-scanner", "clair-scanner's whitelist"},
         {},
         false,
         is_clair_scanner,
         imports::read_clair_scanner},
        {{"klar", "klar's whitelist"}, {}, false, is_klar, imports::read_klar},
        {{"harbor", "Harbor's CVE allow-list, of the system or in a project (JSON)"},
         {},
         true,
         is_harbor,
         imports::read_harbor},
        {{"openvex", "an OpenVEX document (JSON)"},
         {".openvex.json", ".vex.json"},
         true,
         is_openvex,
         imports::read_openvex},
        {{"devtron", "Devtron's answer to GET security/policy/list, or an array of them (JSON)"},
         {},
         true,
         is_devtron,
         imports::read_devtron},
    };
    return table;
}

std::string known_names() {
    std::vector<std::string> names;
    for (auto const& format : formats())
        names.emplace_back(format.name.name);
    return join(names, ", ");
}

Error usage(std::string message, std::string remedy = {}) {
    return Error(ErrorKind::usage, std::move(message)).with_remedy(std::move(remedy));
}

// The error as one of this file.
Error of_file(Error error, std::string_view file_name) {
    auto position = error.position().value_or(SourcePosition{});
    position.file = file_name;
    return std::move(error).with_position(std::move(position));
}

Result<Format const*> format_named(std::string_view name) {
    std::vector<std::string_view> names;
    for (auto const& format : formats()) {
        if (format.name.name == name)
            return &format;
        names.push_back(format.name.name);
    }
    return usage(
        cat("unknown format \"", printable(name, 60), "\" for --format", did_you_mean(name, names)),
        cat("one of ", known_names()));
}

// The format that ends of file names tell, or nothing.
Format const* format_by_file_name(std::string_view file_name) {
    for (auto const& format : formats())
        for (auto const end : format.file_names)
            if (file_name.ends_with(end))
                return &format;
    return nullptr;
}

Result<Format const*> format_by_content(nlohmann::json const& document) {
    std::vector<Format const*> found;
    for (auto const& format : formats())
        if (format.looks_like != nullptr && format.looks_like(document))
            found.push_back(&format);
    if (found.size() == 1)
        return found.front();
    if (found.empty())
        return usage("the format is not recognised",
                     cat("name it with --format, one of ", known_names()));
    return usage(cat("the format could be ", found[0]->name.name, " or ", found[1]->name.name),
                 "name it with --format");
}

struct Read {
    Format const* format;
    Draft draft;
};

Result<Read> read_as(Format const& format, std::string_view bytes) {
    if (format.read == nullptr) {
        auto draft = TRY(imports::read_trivyignore(bytes));
        return Read{&format, std::move(draft)};
    }
    auto const document = TRY(format.is_json ? json::parse(bytes) : yaml::parse(bytes));
    auto draft = TRY(format.read(document));
    return Read{&format, std::move(draft)};
}

Result<Read> read_detected(std::string_view file_name, std::string_view bytes) {
    if (auto const* const format = format_by_file_name(file_name))
        return read_as(*format, bytes);
    if (file_name.ends_with(".snyk"))
        return usage(
            "a .snyk file names vulnerabilities by ids of Snyk alone, which Clair does not know");
    if (imports::is_trivyignore(bytes))
        return read_as(formats().front(), bytes);
    auto const start = trim(bytes).substr(0, 1);
    bool const is_json = start == "{" || start == "[";
    auto const document = TRY(is_json ? json::parse(bytes) : yaml::parse(bytes));
    auto const* const format = TRY(format_by_content(document));
    auto draft = TRY(format->read(document));
    return Read{format, std::move(draft)};
}

std::size_t entries_of(DraftFile const& file) {
    return file.severity.size() + file.waivers.size() + file.rules.size();
}

Result<Imported> imported(Read read, std::string_view file_name) {
    Imported out{std::string(read.format->name.name), {}, std::move(read.draft.left), 0};
    auto const origin = cat(file_name, " (", out.format, ")");
    for (auto const& file : read.draft.files) {
        if (entries_of(file) == 0)
            continue;
        auto toml = to_toml(file, origin);
        if (toml.size() > limits::policy_file_bytes)
            return Error(ErrorKind::limit,
                         cat("its entries would need a policy file of more than ",
                             limits::policy_file_bytes / limits::kib,
                             " KiB"))
                .with_remedy("split the file, and import the parts to different levels");
        out.entries += entries_of(file);
        out.files.push_back({file.path, std::move(toml)});
    }
    return out;
}

} // namespace

std::vector<ImportFormat> import_formats() {
    std::vector<ImportFormat> out;
    for (auto const& format : formats())
        out.push_back(format.name);
    return out;
}

Result<Imported>
import_policy(std::string_view file_name, std::string_view bytes, ImportOptions const& options) {
    file_name = file_name.substr(file_name.rfind('/') + 1);
    if (bytes.size() > limits::policy_file_bytes)
        return of_file(Error(ErrorKind::limit,
                             cat("larger than ", limits::policy_file_bytes / limits::kib, " KiB")),
                       file_name);
    Format const* named = nullptr;
    if (options.format)
        named = TRY(format_named(*options.format));
    auto read = named != nullptr ? read_as(*named, bytes) : read_detected(file_name, bytes);
    if (!read.has_value())
        return of_file(std::move(read).error(), file_name);
    auto const completed = complete(read->draft, options);
    if (!completed.has_value())
        return completed.error();
    auto out = imported(*std::move(read), file_name);
    if (!out.has_value())
        return of_file(std::move(out).error(), file_name);
    return out;
}

} // namespace clairgate::policy
