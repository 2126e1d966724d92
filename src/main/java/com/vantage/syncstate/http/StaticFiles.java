package com.vantage.syncstate.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.resource.ResourceResolver;
import org.springframework.web.servlet.resource.ResourceResolverChain;

/**
 * Serves the files of the page and of its libraries, each at its own address. The framework's handler of all addresses
 * would look for every unknown one in every jar, which costs more than any read.
 */
@Configuration(proxyBeanMethods = false)
class StaticFiles implements WebMvcConfigurer {

    private static final String PAGE = "static/";

    /** The version of a library is in its directory, and in no address. */
    private static final String LIBRARIES = "META-INF/resources/webjars/";

    private final Map<String, Resource> files = new TreeMap<>();

    StaticFiles() throws IOException {
        var classPath = new PathMatchingResourcePatternResolver();
        for (Resource file : classPath.getResources("classpath:" + PAGE + "**/*.*")) {
            files.put("/" + after(PAGE, file), file);
        }
        for (Resource file : classPath.getResources("classpath*:" + LIBRARIES + "chart.js/*/dist/chart.umd.js")) {
            files.put("/webjars/chart.js/dist/chart.umd.js", file);
        }
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler(files.keySet().toArray(String[]::new))
                // The page is revalidated at every visit, and sent when it has changed.
                .setCacheControl(CacheControl.noCache())
                .resourceChain(false)
                .addResolver(new KnownFiles(files));
    }

    private static String after(String directory, Resource file) throws IOException {
        String address = file.getURL().toString();
        return address.substring(address.lastIndexOf("/" + directory) + 1 + directory.length());
    }

    /** Finds a file by its address. */
    private record KnownFiles(Map<String, Resource> files) implements ResourceResolver {

        @Override
        public @Nullable Resource resolveResource(
                @Nullable HttpServletRequest request,
                String path,
                List<? extends Resource> locations,
                ResourceResolverChain chain) {
            return files.get(path);
        }

        @Override
        public @Nullable String resolveUrlPath(
                String path, List<? extends Resource> locations, ResourceResolverChain chain) {
            return files.containsKey(path) ? path : null;
        }
    }
}
