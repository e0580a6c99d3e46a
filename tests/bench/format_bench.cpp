// usage: format_bench REPORT.json [PASSES]: reads a stored report and writes it in every format,
// each to nowhere. A line each: NAME and the median time in microseconds; then "together" and the
// median of a whole round, "memory" and by how many KiB the rounds raised the peak of the process,
// "bytes" and what a round wrote, so that nothing can be optimised away. Times are this process's
// own.
#include <clairgate/base/limits.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/report/formats.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include <sys/resource.h>

namespace {

using namespace clairgate;

double microseconds_since(std::clock_t begun) {
    return static_cast<double>(std::clock() - begun) * 1e6 / CLOCKS_PER_SEC;
}

double median(std::vector<double> times) {
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

long peak_kib() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

std::size_t write(report::Format const& format, report::Record const& record) {
    std::size_t bytes = 0;
    report::Out out([&bytes](std::string_view piece) { bytes += piece.size(); });
    format.render(record, {}, out);
    out.finish();
    return bytes;
}

} // namespace

int main(int argc, char** argv) {
    int passes = 21;
    if (argc == 3) {
        std::string_view const text = argv[2];
        std::from_chars(text.data(), text.data() + text.size(), passes);
    }
    if ((argc != 2 && argc != 3) || passes < 1) {
        std::fputs("usage: format_bench REPORT.json [PASSES]\n", stderr);
        return 2;
    }
    auto text = io::read_file(argv[1], limits::stored_report_bytes);
    if (!text.has_value())
        return 2;
    auto const stored = report::parse_record(*text);
    if (!stored.has_value())
        return 2;
    report::Record const record(stored->stored.report, stored->account);
    auto const formats = report::formats();
    std::vector<std::vector<double>> times(formats.size());
    std::vector<double> together;
    std::size_t bytes = 0;
    auto const before = peak_kib();
    for (int pass = 0; pass < passes; ++pass) {
        bytes = 0;
        auto const round = std::clock();
        for (std::size_t i = 0; i < formats.size(); ++i) {
            auto const begun = std::clock();
            bytes += write(formats[i], record);
            times[i].push_back(microseconds_since(begun));
        }
        together.push_back(microseconds_since(round));
    }
    for (std::size_t i = 0; i < formats.size(); ++i)
        std::printf("%s %.0f\n", std::string(formats[i].name).c_str(), median(times[i]));
    std::printf(
        "together %.0f\nmemory %ld\nbytes %zu\n", median(together), peak_kib() - before, bytes);
}
