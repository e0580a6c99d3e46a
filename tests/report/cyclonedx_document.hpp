#pragma once

#include "report/waived_sample.hpp"
#include <clairgate/base/json.hpp>
#include <clairgate/report/formats.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <set>
#include <string>

/// A report as a CycloneDX document, and what must hold in any.
namespace clairgate::report::cyclonedx_document {

using nlohmann::json;

inline std::string text_of(Report const& report) {
    std::string text;
    Out out([&text](std::string_view piece) { text += piece; });
    render_cyclonedx(Record(report), {}, out);
    out.finish();
    return text;
}

inline json cyclonedx(Report const& report) {
    return clairgate::json::parse(text_of(report)).value();
}

inline std::map<std::string, json> by_id(json const& document) {
    std::map<std::string, json> out;
    for (auto const& vulnerability : document["vulnerabilities"])
        out[vulnerability["id"]] = vulnerability;
    return out;
}

inline json property(json const& object, std::string const& name) {
    for (auto const& one : object["properties"])
        if (one["name"] == name)
            return one["value"];
    return nullptr;
}

// Every bom-ref once, and every reference to one of them.
inline void expect_sound_references(json const& document) {
    std::set<std::string> refs{document["metadata"]["component"]["bom-ref"]};
    auto const take = [&refs](json const& object) {
        EXPECT_TRUE(refs.insert(object["bom-ref"]).second) << object["bom-ref"];
    };
    for (auto const& component : document["components"])
        take(component);
    auto const targets = refs;
    for (auto const& vulnerability : document["vulnerabilities"]) {
        take(vulnerability);
        EXPECT_FALSE(vulnerability["affects"].empty());
        for (auto const& affected : vulnerability["affects"])
            EXPECT_TRUE(targets.contains(affected["ref"])) << affected;
    }
}

} // namespace clairgate::report::cyclonedx_document
