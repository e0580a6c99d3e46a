#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/policy/glob.hpp>
#include <clairgate/policy/imports.hpp>

#include <algorithm>

namespace clairgate::policy::imports {

namespace {

Error cannot(std::string why) {
    return {ErrorKind::policy, std::move(why)};
}

// Findings' purls keep RFC 3986's unreserved characters and `kept`; all else is percent-encoded,
// so that no character of a glob is left.
std::string encoded(std::string_view text, std::string_view kept) {
    std::string out;
    for (char const c : text) {
        bool const is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                              (c >= 'A' && c <= 'Z') ||
                              std::string_view("-._~").find(c) != std::string_view::npos ||
                              kept.find(c) != std::string_view::npos;
        auto hex = is_plain ? std::string() : to_hex({&c, 1});
        std::transform(hex.begin(), hex.end(), hex.begin(), [](char digit) {
            return digit >= 'a' ? static_cast<char>(digit - 'a' + 'A') : digit;
        });
        out += is_plain ? std::string(1, c) : cat("%", hex);
    }
    return out;
}

// `base` is all before the version.
Result<std::vector<std::string>>
globs_from(std::string base, std::string_view version, std::string_view arch) {
    base += cat("@", version.empty() ? "*" : encoded(version, ":"));
    std::vector<std::string> globs;
    if (!arch.empty()) // the first one of the qualifiers
        for (std::string_view const end : {"", "&**"})
            globs.push_back(cat(base, "\\?arch=", encoded(arch, ":"), end));
    else if (version.empty())
        globs = {base + "*"};
    else
        globs = {base, base + "\\?**"};
    for (auto const& glob : globs)
        if (auto const parsed = Glob::parse(glob); !parsed.has_value())
            return parsed.error();
    return globs;
}

} // namespace

Result<std::vector<std::string>> globs_of(Purl const& purl) {
    if (!purl.subpath().empty())
        return cannot("its purl names a part of the package");
    for (auto const& [key, value] : purl.qualifiers())
        if (key != "arch")
            return cannot(cat("its purl has the qualifier ",
                              key,
                              ", which is spelled otherwise here; write the purl without it"));
    auto base = cat("pkg:", encoded(purl.type(), ""), "/");
    if (!purl.name_space().empty())
        base += cat(encoded(purl.name_space(), "/"), "/");
    return globs_from(base + encoded(purl.name(), ""), purl.version(), purl.qualifier("arch"));
}

Result<std::vector<std::string>>
globs_of(std::string_view type, std::string_view name, std::string_view version) {
    constexpr std::string_view namespaced[] = {"apk", "deb", "maven", "rpm"};
    auto base = cat("pkg:", type, "/");
    if (name.empty())
        return std::vector{base + "**"};
    if (std::find(std::begin(namespaced), std::end(namespaced), type) != std::end(namespaced))
        return globs_from(cat(base, "*/", encoded(name, "")), version, "");
    auto const purl = Purl::parse(cat(base, encoded(name, "/"))); // spells it as its type does
    if (!purl)
        return cannot("its name is no name of a package");
    auto const path = cat(purl->name_space(), purl->name_space().empty() ? "" : "/", purl->name());
    return globs_from(base + encoded(path, "/"), version, "");
}

} // namespace clairgate::policy::imports
