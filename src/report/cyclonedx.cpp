#include <clairgate/base/text.hpp>
#include <clairgate/report/cyclonedx_parts.hpp>
#include <clairgate/report/formats.hpp>
#include <clairgate/report/identifiers.hpp>

#include <algorithm>
#include <utility>

namespace clairgate::report {

namespace cyclonedx {

namespace {

std::string verdict_sentence(Record const& record) {
    if (!record.is_decided())
        return cat("UNDECIDED, nothing was judged: ", record.undecided_reason());
    auto const& summary = record.account().summary;
    return cat("verdict ",
               record.verdict_word(),
               ": ",
               summary.block,
               " block, ",
               summary.warn,
               " warn, ",
               summary.allow,
               " allowed (",
               summary.waived,
               " by exceptions)");
}

void write_image(JsonWriter& json, Record const& record) {
    json.begin_object();
    json.member("bom-ref", image_ref(record));
    json.member("description", verdict_sentence(record));
    json.member("name", record.reference().repository().text());
    json.member("purl", image_purl(record.reference().repository(), record.digest()));
    json.member("type", "container");
    json.member("version", record.digest());
    json.end_object();
}

void write_tool(JsonWriter& json, std::string_view name, std::string_view version) {
    json.begin_object();
    json.member("name", name);
    json.member("type", "application");
    if (!version.empty())
        json.member("version", version);
    json.end_object();
}

// GitLab's taxonomy, by which it files the components of a container image. It knows no digests.
void write_gitlab_properties(JsonWriter& json, Record const& record) {
    auto const& reference = record.reference();
    write_property(json, "gitlab:meta:schema_version", "1");
    write_property(json, "gitlab:container_scanning:image:name", reference.repository().text());
    if (auto const& tag = reference.tag())
        write_property(json, "gitlab:container_scanning:image:tag", *tag);
    for (auto const& platform : record.scan().platforms) {
        for (auto const& ecosystem : platform.ecosystems) {
            if (ecosystem.distribution.empty())
                continue;
            std::string_view const text = ecosystem.distribution; // "debian 12 (bookworm)"
            auto const name = text.substr(0, text.find(' '));
            auto const rest = text.substr(std::min(name.size() + 1, text.size()));
            write_property(json, "gitlab:container_scanning:operating_system:name", name);
            write_known(json,
                        "gitlab:container_scanning:operating_system:version",
                        rest.substr(0, rest.find(' ')));
            return;
        }
    }
}

void write_own_properties(JsonWriter& json, Record const& record) {
    write_property(json, "clairgate:verdict", record.verdict_word());
    write_known(json, "clairgate:undecided_reason", record.undecided_reason());
    // Clair's report lists no package without a finding.
    write_property(json, "clairgate:components", "only packages that have findings");
    for (auto const& [key, value] : record.context())
        write_property(json, cat("clairgate:context:", key), value);
    for (auto const& platform : record.scan().platforms)
        write_property(json, "clairgate:platform", platform.platform);
    for (auto const& one : record.account().coverage)
        write_property(
            json, "clairgate:coverage", cat(one.platform, " ", policy::to_string(one.state)));
    if (auto const date = record.data_date())
        write_property(json, "clairgate:data_date", to_rfc3339(*date));
    write_known(json, "clairgate:policy:source", record.account().policy.source);
    write_property(
        json, "clairgate:policy:trusted", record.account().policy.is_trusted ? "true" : "false");
}

// What the components are to the image: never all of it.
void write_compositions(JsonWriter& json, Record const& record) {
    json.begin_array();
    json.begin_object();
    json.member("aggregate", "incomplete");
    json.key("assemblies");
    json.begin_array();
    json.value(image_ref(record));
    json.end_array();
    json.end_object();
    json.end_array();
}

} // namespace

void write_property(JsonWriter& json, std::string_view name, std::string_view value) {
    json.begin_object();
    json.member("name", name);
    json.member("value", value);
    json.end_object();
}

void write_known(JsonWriter& json, std::string_view name, std::string_view value) {
    if (!value.empty())
        write_property(json, name, value);
}

std::string image_ref(Record const& record) {
    return cat("image:", record.reference().repository().text(), "@", record.digest());
}

void write_metadata(JsonWriter& json, Record const& record) {
    json.begin_object();
    json.key("component");
    write_image(json, record);
    json.key("properties");
    json.begin_array();
    write_own_properties(json, record);
    write_gitlab_properties(json, record);
    json.end_array();
    // A report that was not made by a run has no time of its own.
    if (record.run().finished != SystemTime{})
        json.member("timestamp", to_rfc3339(record.run().finished));
    json.key("tools");
    json.begin_object();
    json.key("components");
    json.begin_array();
    write_tool(json, "clairgate", record.clairgate_version());
    write_tool(json, record.scan().scanner.name, record.scan().scanner.version);
    json.end_array();
    json.end_object();
    json.end_object();
}

} // namespace cyclonedx

void render_cyclonedx(Record const& record, RenderOptions const&, Out& out) {
    cyclonedx::Components const components(record);
    JsonWriter json(out);
    json.begin_object();
    json.member("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
    json.member("bomFormat", "CycloneDX");
    json.key("components");
    components.write(json);
    json.key("compositions");
    cyclonedx::write_compositions(json, record);
    json.key("metadata");
    cyclonedx::write_metadata(json, record);
    json.member("serialNumber", document_urn(record, "cyclonedx"));
    json.member("specVersion", "1.6");
    json.member("version", std::uint64_t{1});
    json.key("vulnerabilities");
    cyclonedx::write_vulnerabilities(json, record, components);
    json.end_object();
    std::move(json).finish();
}

} // namespace clairgate::report
