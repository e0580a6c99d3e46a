#pragma once

#include "report/sample_report.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/policy/vex_waivers.hpp>

/// A report some of whose findings exceptions let pass.
namespace clairgate::sample {

/// Statements of a VEX document about the sample's image and packages.
inline policy::VexSource vex_source() {
    policy::VexDocument document;
    document.author = "security@example.com";
    auto const say = [&document](char const* id,
                                 policy::VexStatement::Status status,
                                 char const* justification,
                                 char const* words) {
        policy::VexStatement statement;
        statement.ids = {id};
        statement.status = status;
        statement.justification = justification;
        statement.statement = words;
        statement.products = {"pkg:oci/shop?repository_url=registry.example/team/shop"};
        statement.time = time("2026-01-01T00:00:00Z");
        statement.place = cat("statements/", document.statements.size());
        document.statements.push_back(statement);
    };
    using Status = policy::VexStatement::Status;
    say("CVE-2099-0002", Status::not_affected, "vulnerable_code_not_in_execute_path", "no regex");
    say("CVE-2099-0003", Status::not_affected, "requires_configuration", "zlib is not called");
    say("CVE-2099-0004", Status::fixed, "", "");
    return {"vex/shop.json", std::move(document)};
}

/// One risk accepted by a policy file, three findings lifted by VEX.
inline report::Report waived_report() {
    auto policy = sample::policy("[[allow]]\nid = [\"CVE-2099-0001\"]\n"
                                 "reason = \"no TLS here\"\nowner = \"team-shop\"\n"
                                 "expires = 2026-12-31\n");
    policy::add_vex_waivers(policy, {vex_source()});
    return report(std::move(policy));
}

} // namespace clairgate::sample
