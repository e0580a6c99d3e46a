#pragma once

#include <clairgate/finding/finding.hpp>

#include <string>
#include <string_view>

namespace clairgate::clair {

/// What Clair says about where a package lives, merged from its environment.
struct Habitat {
    std::string did;             ///< distribution id of os-release: "debian"
    std::string version;         ///< "12 (bookworm)"
    std::string version_id;      ///< "12"
    std::string code_name;       ///< "bookworm"
    std::string pretty_name;     ///< "Alpine Linux v3.19"
    std::string repository_name; ///< "pypi", a CPE…
    std::string repository_key;  ///< "rhel-cpe-repository"
};

/// One kind of package world. `updaters` and `purl_type` are of Clair 4.9 and purl-spec.
struct Ecosystem {
    std::string_view name;      ///< "debian"; language ecosystems carry their registry's name
    std::string_view purl_type; ///< "deb"
    bool is_language = false;
    bool is_supported = false; ///< Clair has a matcher that is on by default
};

/// The ecosystem of a habitat: language registries by repository, else the distribution. An unknown
/// distribution is itself, unsupported, and its name a view into the habitat; nothing at all is
/// "unknown".
Ecosystem ecosystem_of(Habitat const& habitat);

/// The name of the repository whose packages a package database of Clair holds ("python:usr/lib/…":
/// "pypi"), "" for those of distributions.
std::string_view repository_of_database(std::string_view package_db);
/// Whether a repository of that name is a language's registry.
bool is_language_repository(std::string_view name);

/// Whether an updater of that name feeds this ecosystem (and release, where updaters are per
/// release).
bool feeds(std::string_view updater, std::string_view ecosystem, std::string_view distribution);

/// "debian 12 (bookworm)", "alpine 3.19" (the branch that its data is by); "" for language
/// ecosystems and unknown habitats.
std::string distribution_text(Habitat const& habitat);

/// Package URL (purl-spec) of the package in its habitat; "" when its type is not known.
std::string
purl_of(finding::Package const& package, Ecosystem const& ecosystem, Habitat const& habitat);

} // namespace clairgate::clair
