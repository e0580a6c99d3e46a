#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/image/manifest.hpp>
#include <clairgate/registry/bundle_manifest.hpp>
#include <clairgate/registry/descriptor_json.hpp>

#include <nlohmann/json.hpp>

namespace clairgate::registry {

namespace {

using nlohmann::json;

constexpr std::string_view empty_type = "application/vnd.oci.empty.v1+json";
constexpr std::string_view predicate_key = "dev.sigstore.bundle.predicateType";
constexpr std::string_view content_key = "dev.sigstore.bundle.content";
constexpr std::string_view in_toto_key = "in-toto.io/predicate-type"; // other tools look there
constexpr std::string_view created_key = "org.opencontainers.image.created";

Error refuse(std::string message) {
    return {ErrorKind::protocol, std::move(message)};
}

// The member as text when it is there; another type of it is refused.
Result<void>
check_type(json const& object, std::string_view key, std::string_view wanted, bool is_prefix) {
    auto const type = TRY(clairgate::json::optional_string(object, key));
    bool const is_wanted =
        !type || type->empty() || (is_prefix ? type->starts_with(wanted) : *type == wanted);
    if (is_wanted)
        return ok();
    return refuse(cat("its ", key, " is ", *type));
}

Result<void> check_subject(json const& manifest, image::Digest const& wanted) {
    auto const* const subject = TRY(clairgate::json::optional_object(manifest, "subject"));
    if (subject == nullptr) // a fallback tag says it in its name
        return ok();
    auto const digest = TRY(clairgate::json::string(*subject, "digest"));
    if (digest != wanted.text())
        return refuse("it belongs to another image");
    return ok();
}

} // namespace

std::string bundle_manifest(EvidenceSubject const& subject, NewEvidence const& evidence) {
    json annotations = {{content_key, "dsse-envelope"},
                        {predicate_key, evidence.predicate_type},
                        {in_toto_key, evidence.predicate_type}};
    if (!evidence.created.empty())
        annotations[std::string(created_key)] = evidence.created;
    json const manifest = {{"schemaVersion", 2},
                           {"mediaType", image::media_type::oci_manifest},
                           {"artifactType", bundle_type},
                           {"config", descriptor_of(empty_type, empty_config)},
                           {"layers", json::array({descriptor_of(bundle_type, evidence.bundle)})},
                           {"subject",
                            {{"mediaType", subject.media_type},
                             {"digest", subject.digest.text()},
                             {"size", subject.size_bytes}}},
                           {"annotations", std::move(annotations)}};
    return clairgate::json::dump(manifest);
}

Result<EvidencePlace> parse_bundle_manifest(std::string_view bytes,
                                            std::string_view media_type,
                                            image::Digest const& digest,
                                            image::Digest const& subject) {
    if (!media_type.empty() && media_type != image::media_type::oci_manifest)
        return refuse(cat("it is served as ", media_type));
    auto const manifest = TRY(clairgate::json::parse(bytes));
    if (!manifest.is_object() || manifest.contains("manifests"))
        return refuse("no image manifest");
    TRY_VOID(check_type(manifest, "mediaType", image::media_type::oci_manifest, false));
    TRY_VOID(check_type(manifest, "artifactType", bundle_type_prefix, true));
    TRY_VOID(check_subject(manifest, subject));
    auto const* const layers = TRY(clairgate::json::optional_array(manifest, "layers"));
    if (layers == nullptr || layers->size() != 1)
        return refuse("not exactly one layer");
    auto const& layer = layers->front();
    auto const layer_type = TRY(clairgate::json::string(layer, "mediaType"));
    if (!layer_type.starts_with(bundle_type_prefix))
        return refuse(cat("its layer is ", layer_type));
    auto described = TRY(read_descriptor(layer));
    auto annotations = annotations_of(manifest);
    auto predicate_type = annotation(annotations, predicate_key);
    if (predicate_type.empty())
        predicate_type = annotation(annotations, in_toto_key);
    return EvidencePlace{EvidenceForm::bundle,
                         digest,
                         std::move(described.digest),
                         described.size_bytes,
                         std::move(predicate_type),
                         {}};
}

} // namespace clairgate::registry
