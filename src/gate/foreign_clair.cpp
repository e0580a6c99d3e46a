#include <clairgate/clair/decode.hpp>
#include <clairgate/gate/foreign_report.hpp>

#include <nlohmann/json.hpp>

namespace clairgate::gate {

namespace {

// Nobody asked Clair about a certain manifest here: the report's own word is all there is.
Result<image::Digest> manifest_of(std::string_view bytes) {
    static constexpr std::string_view keys[] = {"manifest_hash"};
    auto const found = TRY(foreign::members(bytes, keys));
    auto const hash = TRY(foreign::text_of("manifest_hash", TRY(foreign::value(found.front()))));
    auto digest = image::Digest::parse(hash);
    if (!digest.has_value())
        return foreign::broken("its manifest_hash is no digest");
    return digest;
}

} // namespace

// It tells neither the platform nor the repository.
Result<report::Report> parse_clair_report(std::string& bytes) {
    auto const manifest = TRY(manifest_of(bytes));
    auto decoded = TRY(clair::decode_vulnerability_report(bytes, manifest, ""));
    finding::ScanReport scan;
    scan.platforms.push_back({"", manifest, decoded.packages, 0, std::move(decoded.ecosystems)});
    scan.findings = std::move(decoded.findings);
    return foreign::report_of(image::Reference::make(untold_repository(), manifest),
                              std::move(scan));
}

} // namespace clairgate::gate
