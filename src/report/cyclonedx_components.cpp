#include <clairgate/base/text.hpp>
#include <clairgate/report/cyclonedx_parts.hpp>
#include <clairgate/report/identifiers.hpp>

#include <unordered_set>

namespace clairgate::report::cyclonedx {

namespace {

bool is_same_component(finding::Finding const& a, finding::Finding const& b) {
    return a.package == b.package && a.platform == b.platform && a.layer == b.layer &&
           a.distribution == b.distribution;
}

} // namespace

Components::Components(Record const& record) : record_(record) {
    auto const& findings = record.findings();
    std::unordered_set<std::string_view> purls;
    of_finding_.reserve(findings.size());
    for (std::size_t i = 0; i < findings.size(); ++i) {
        // Findings are in the order of their packages.
        if (i == 0 || !is_same_component(findings[i - 1], findings[i])) {
            std::string_view const purl = findings[i].package.purl;
            Component component{i, {}, is_plain_purl(purl)};
            // No plain purl holds a space, so none is like one of the others.
            if (!component.has_purl)
                component.ref = cat("package ", all_.size() + 1);
            else if (purls.insert(purl).second)
                component.ref = purl;
            else
                component.ref = cat(purl, " ", all_.size() + 1);
            all_.push_back(std::move(component));
        }
        of_finding_.push_back(static_cast<std::uint32_t>(all_.size() - 1));
    }
}

void Components::write(JsonWriter& json) const {
    json.begin_array();
    for (auto const& component : all_)
        write_one(json, component);
    json.end_array();
}

void Components::write_one(JsonWriter& json, Component const& component) const {
    auto const& finding = record_.findings()[component.finding];
    json.begin_object();
    json.member("bom-ref", component.ref);
    json.member("name", finding.package.name);
    json.key("properties");
    write_properties(json, component);
    if (component.has_purl)
        json.member("purl", finding.package.purl);
    json.member("type", "library");
    if (!finding.package.version.empty())
        json.member("version", finding.package.version);
    json.end_object();
}

// Not what the purl says already.
void Components::write_properties(JsonWriter& json, Component const& component) const {
    auto const& finding = record_.findings()[component.finding];
    auto const& package = finding.package;
    json.begin_array();
    if (!component.has_purl) {
        write_known(json, "clairgate:architecture", package.architecture);
        write_known(json, "clairgate:distribution", finding.distribution);
        write_known(json, "clairgate:ecosystem", package.ecosystem);
        write_known(json, "clairgate:module", package.module);
    }
    if (auto const& layer = finding.layer)
        write_property(json, "clairgate:layer", layer->text());
    if (finding.is_base_layer)
        write_property(json, "clairgate:layer:base", *finding.is_base_layer ? "true" : "false");
    write_known(json, "clairgate:layer:instruction", record_.instruction(finding));
    if (record_.scan().platforms.size() > 1)
        write_property(json, "clairgate:platform", finding.platform);
    write_known(json, "clairgate:repository", package.repository);
    if (package.source_name != package.name)
        write_known(json, "clairgate:source:name", package.source_name);
    if (package.source_version != package.version)
        write_known(json, "clairgate:source:version", package.source_version);
    json.end_array();
}

} // namespace clairgate::report::cyclonedx
